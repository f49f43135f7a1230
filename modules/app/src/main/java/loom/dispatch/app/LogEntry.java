package loom.dispatch.app;

import loom.dispatch.cache.GuildChange;

import java.time.Instant;

/**
 * One thing that a log channel tells.
 *
 * @param subject the shard's number, or the guild as {@code NAME (ID)}
 * @param at when it happened
 */
record LogEntry(LogKind kind, String subject, Instant at) {
    static LogEntry ofShard(LogKind kind, int shard, Instant at) {
        return new LogEntry(kind, Integer.toString(shard), at);
    }

    /** The predecessor wrote {@code Unknown (0)} where it had no object of the guild. */
    static LogEntry ofGuild(LogKind kind, GuildChange change, Instant at) {
        String subject =
                change.name()
                        .map(name -> name + " (" + change.guildId() + ")")
                        .orElse("Unknown (0)");
        return new LogEntry(kind, subject, at);
    }
}
