package loom.dispatch.app.logchannel;

import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.gateway.ShardLifecycleEvent;

import java.util.Optional;

/** The kinds of entries, with the titles and colours of twilight-dispatch. */
enum LogChannelEntryKind {
    CONNECTED("Connected", 0x00FF00),
    READY("Ready", 0x00FF00),
    RESUMED("Resumed", 0x1E90FF),
    DISCONNECTED("Disconnected", 0xFF0000),
    JOINED("Guild Join", 0x00FF00),
    LEFT("Guild Leave", 0xFF0000);

    private final String word;
    private final int colour;

    LogChannelEntryKind(String word, int colour) {
        this.word = word;
        this.colour = colour;
    }

    /** Returns the kind for an event of a shard; empty if log channels do not show it. */
    static Optional<LogChannelEntryKind> of(ShardLifecycleEvent event) {
        return switch (event) {
            case ShardLifecycleEvent.Connected _ -> Optional.of(CONNECTED);
            case ShardLifecycleEvent.Ready _ -> Optional.of(READY);
            case ShardLifecycleEvent.Resumed _ -> Optional.of(RESUMED);
            case ShardLifecycleEvent.Disconnected _ -> Optional.of(DISCONNECTED);
            case ShardLifecycleEvent.Connecting _,
                    ShardLifecycleEvent.Hello _,
                    ShardLifecycleEvent.Identifying _,
                    ShardLifecycleEvent.Resuming _,
                    ShardLifecycleEvent.SessionInvalidated _,
                    ShardLifecycleEvent.Reconnecting _,
                    ShardLifecycleEvent.Silent _,
                    ShardLifecycleEvent.Refused _ ->
                    Optional.empty();
        };
    }

    /** Returns the kind for a change of a guild. An outage of a guild is neither join nor leave. */
    static Optional<LogChannelEntryKind> of(GuildMembershipChange change) {
        return switch (change.kind()) {
            case JOINED -> Optional.of(JOINED);
            case LEFT -> Optional.of(LEFT);
            case AVAILABLE, UNAVAILABLE -> Optional.empty();
        };
    }

    /** Returns whether the entry is about a shard; otherwise it is about a guild. */
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
