package loom.dispatch.app;

import loom.dispatch.app.LogChannel.Pace;
import loom.dispatch.cache.GuildChange;
import loom.dispatch.gateway.DiscordApi;
import loom.dispatch.gateway.ShardNotice;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The channels at Discord that are told of the shards' ups and downs and of guilds that come and go
 * (LOG_CHANNEL, LOG_GUILD_CHANNEL). Told by any thread, which it never blocks.
 */
final class LogChannels implements AutoCloseable {
    private final Optional<DiscordApi> api;
    private final Map<Long, LogChannel> channels = new HashMap<>();
    private final Optional<LogChannel> shards;
    private final Optional<LogChannel> guilds;

    private LogChannels(DiscordSettings discord, Pace pace) {
        boolean none = discord.logChannel() == 0 && discord.logGuildChannel() == 0;
        api =
                none
                        ? Optional.empty()
                        : Optional.of(new DiscordApi(discord.apiUrl(), discord.token()));
        shards = channel(discord.logChannel(), pace);
        guilds = channel(discord.logGuildChannel(), pace);
    }

    static LogChannels open(DiscordSettings discord, Pace pace) {
        return new LogChannels(discord, pace);
    }

    /** One for each id, for both may be the same. */
    private Optional<LogChannel> channel(long id, Pace pace) {
        return api.filter(_ -> id != 0)
                .map(rest ->
                        channels.computeIfAbsent(
                                id,
                                _ ->
                                        LogChannel.open(
                                                message -> rest.createMessage(id, message), pace)));
    }

    void tell(int shard, ShardNotice notice) {
        shards.ifPresent(channel ->
                LogKind.of(notice)
                        .ifPresent(
                                kind -> channel.add(LogEntry.ofShard(kind, shard, Instant.now()))));
    }

    void tell(GuildChange change) {
        guilds.ifPresent(channel ->
                LogKind.of(change)
                        .ifPresent(kind ->
                                channel.add(LogEntry.ofGuild(kind, change, Instant.now()))));
    }

    /** Posts what is left, for a few seconds at most. */
    @Override
    public void close() {
        channels.values().forEach(LogChannel::close);
        api.ifPresent(DiscordApi::close);
    }
}
