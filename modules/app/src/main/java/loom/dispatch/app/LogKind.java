package loom.dispatch.app;

import loom.dispatch.cache.GuildChange;
import loom.dispatch.gateway.ShardNotice;

import java.util.Optional;

/** What a log channel tells of: the titles and colours of twilight-dispatch. */
enum LogKind {
    CONNECTED("Connected", 0x00FF00),
    READY("Ready", 0x00FF00),
    RESUMED("Resumed", 0x1E90FF),
    DISCONNECTED("Disconnected", 0xFF0000),
    JOINED("Guild Join", 0x00FF00),
    LEFT("Guild Leave", 0xFF0000);

    private final String word;
    private final int colour;

    LogKind(String word, int colour) {
        this.word = word;
        this.colour = colour;
    }

    /** What a notice of a shard's life is told as, if at all. */
    static Optional<LogKind> of(ShardNotice notice) {
        return switch (notice) {
            case ShardNotice.Connected _ -> Optional.of(CONNECTED);
            case ShardNotice.Ready _ -> Optional.of(READY);
            case ShardNotice.Resumed _ -> Optional.of(RESUMED);
            case ShardNotice.Disconnected _ -> Optional.of(DISCONNECTED);
            case ShardNotice.Connecting _,
                    ShardNotice.Hello _,
                    ShardNotice.Identifying _,
                    ShardNotice.Resuming _,
                    ShardNotice.SessionInvalidated _,
                    ShardNotice.Reconnecting _,
                    ShardNotice.Silent _,
                    ShardNotice.Refused _ ->
                    Optional.empty();
        };
    }

    /** What a change of a guild is told as; an outage of Discord is neither join nor leave. */
    static Optional<LogKind> of(GuildChange change) {
        return switch (change.kind()) {
            case JOINED -> Optional.of(JOINED);
            case LEFT -> Optional.of(LEFT);
            case AVAILABLE, UNAVAILABLE -> Optional.empty();
        };
    }

    /** Whether it tells of a shard; else of a guild. */
    boolean ofShard() {
        return switch (this) {
            case CONNECTED, READY, RESUMED, DISCONNECTED -> true;
            case JOINED, LEFT -> false;
        };
    }

    String word() {
        return word;
    }

    int colour() {
        return colour;
    }
}
