package loom.dispatch.gateway;

import java.util.Locale;

/** What an observer hears of a shard's life: for logs, metrics and the log channel. */
public sealed interface ShardLifecycleEvent {
    /** A connection is being opened. */
    record Connecting(boolean resuming, boolean onMainUrl) implements ShardLifecycleEvent {}

    /** The WebSocket is open. */
    record Connected() implements ShardLifecycleEvent {}

    /** HELLO came. */
    record Hello(long heartbeatIntervalMillis) implements ShardLifecycleEvent {}

    /** IDENTIFY is sent. */
    record Identifying() implements ShardLifecycleEvent {}

    /** RESUME is sent. */
    record Resuming(String sessionId) implements ShardLifecycleEvent {}

    /** READY came. */
    record Ready(String sessionId) implements ShardLifecycleEvent {}

    /** RESUMED came. */
    record Resumed(String sessionId) implements ShardLifecycleEvent {}

    /** Discord ended the session: what happened since the last event is lost to everyone. */
    record SessionInvalidated(boolean resumable) implements ShardLifecycleEvent {}

    /**
     * The connection is gone.
     *
     * @param code Discord's close code, ours if we closed, 1006 if there was none
     */
    record Disconnected(int code, String reason) implements ShardLifecycleEvent {
        /**
         * Why, in a word for metrics: one of few, whatever code Discord sends.
         *
         * @return what we closed it for, as {@code zombie}; {@code lost} without a close code;
         *     {@code close_4009} and the like for Discord's own codes
         */
        public String cause() {
            return CloseReason.of(code)
                    .map(goodbye -> goodbye.name().toLowerCase(Locale.ROOT))
                    .orElseGet(() -> CloseCode.word(code));
        }
    }

    /** The next connection is due. */
    record Reconnecting(int failures) implements ShardLifecycleEvent {}

    /**
     * Events stopped though heartbeats are answered: the session is resumed on the main URL, or
     * given up for a new one.
     */
    record Silent(long millis, boolean sessionGivenUp) implements ShardLifecycleEvent {}

    /** Discord refused for good; the shard is stopped. */
    record Refused(int closeCode, String advice) implements ShardLifecycleEvent {}
}
