package loom.dispatch.app.logchannel;

import loom.dispatch.app.config.DiscordSettings;
import loom.dispatch.app.logchannel.DiscordLogChannel.Pace;
import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.runtime.SupervisedThreads;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Posts messages about shards to LOG_CHANNEL, and messages about guilds joined and left to
 * LOG_GUILD_CHANNEL. Any thread may call it; it never blocks.
 */
public final class DiscordLogChannels implements AutoCloseable {
    private final Optional<DiscordApi> api;
    private final Map<Long, DiscordLogChannel> channels = new HashMap<>();
    private final Optional<DiscordLogChannel> shards;
    private final Optional<DiscordLogChannel> guilds;

    private DiscordLogChannels(DiscordSettings discord, Pace pace, SupervisedThreads threads) {
        boolean none = discord.logChannel() == 0 && discord.logGuildChannel() == 0;
        api =
                none
                        ? Optional.empty()
                        : Optional.of(new DiscordApi(discord.apiUrl(), discord.token()));
        shards = channel(discord.logChannel(), pace, threads);
        guilds = channel(discord.logGuildChannel(), pace, threads);
    }

    /** Starts one thread for each channel that is configured. */
    public static DiscordLogChannels open(
            DiscordSettings discord, Pace pace, SupervisedThreads threads) {
        return new DiscordLogChannels(discord, pace, threads);
    }

    /** Returns the channel of an id. Both settings may have the same id. */
    private Optional<DiscordLogChannel> channel(long id, Pace pace, SupervisedThreads threads) {
        return api.filter(_ -> id != 0)
                .map(rest ->
                        channels.computeIfAbsent(
                                id,
                                _ ->
                                        DiscordLogChannel.open(
                                                message -> rest.createMessage(id, message),
                                                pace,
                                                threads)));
    }

    /** Adds an entry for an event of a shard, if the channel shows such events. */
    public void add(int shard, ShardLifecycleEvent event) {
        shards.ifPresent(channel ->
                LogChannelEntryKind.of(event)
                        .ifPresent(kind ->
                                channel.add(LogChannelEntry.ofShard(kind, shard, Instant.now()))));
    }

    /** Adds an entry for a guild that the bot joined or left. */
    public void add(GuildMembershipChange change) {
        guilds.ifPresent(channel ->
                LogChannelEntryKind.of(change)
                        .ifPresent(kind ->
                                channel.add(LogChannelEntry.ofGuild(kind, change, Instant.now()))));
    }

    /** Posts the remaining entries, for at most a few seconds. */
    @Override
    public void close() {
        channels.values().forEach(DiscordLogChannel::close);
        api.ifPresent(DiscordApi::close);
    }
}
