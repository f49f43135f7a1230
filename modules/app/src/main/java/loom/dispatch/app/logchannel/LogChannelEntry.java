package loom.dispatch.app.logchannel;

import loom.dispatch.cache.GuildMembershipChange;

import java.time.Instant;

/**
 * One entry of a log channel.
 *
 * @param subject the shard's number, or the guild as {@code NAME (ID)}
 * @param at when it happened
 */
record LogChannelEntry(LogChannelEntryKind kind, String subject, Instant at) {
    static LogChannelEntry ofShard(LogChannelEntryKind kind, int shard, Instant at) {
        return new LogChannelEntry(kind, Integer.toString(shard), at);
    }

    /**
     * Writes {@code Unknown (0)} for a guild without a cached object, as twilight-dispatch does.
     */
    static LogChannelEntry ofGuild(
            LogChannelEntryKind kind, GuildMembershipChange change, Instant at) {
        String subject =
                change.name()
                        .map(name -> name + " (" + change.guildId() + ")")
                        .orElse("Unknown (0)");
        return new LogChannelEntry(kind, subject, at);
    }
}
