package loom.dispatch.gateway;

import java.util.Locale;

/** A change in a shard's life, for logs, metrics and the log channel. */
public sealed interface ShardLifecycleEvent {
    /** The shard opens a connection. */
    record Connecting(boolean resuming, boolean onMainUrl) implements ShardLifecycleEvent {}

    /** The WebSocket connection is open. */
    record Connected() implements ShardLifecycleEvent {}

    /** Discord sent HELLO. */
    record Hello(long heartbeatIntervalMillis) implements ShardLifecycleEvent {}

    /** The shard sent IDENTIFY. */
    record Identifying() implements ShardLifecycleEvent {}

    /** The shard sent RESUME. */
    record Resuming(String sessionId) implements ShardLifecycleEvent {}

    /** Discord sent READY. */
    record Ready(String sessionId) implements ShardLifecycleEvent {}

    /** Discord sent RESUMED. */
    record Resumed(String sessionId) implements ShardLifecycleEvent {}

    /**
     * Discord sent INVALID_SESSION. If the session cannot be resumed, the events since its last one
     * are lost.
     */
    record SessionInvalidated(boolean resumable) implements ShardLifecycleEvent {}

    /**
     * The connection ended.
     *
     * @param code Discord's close code, or the shard's own if the shard closed, or 1006 without a
     *     close frame
     */
    record Disconnected(int code, String reason) implements ShardLifecycleEvent {
        /**
         * Returns the cause as a metric label. The number of labels is bounded, whatever code
         * Discord sends.
         *
         * @return the shard's own close reason, for example {@code zombie}; {@code lost} without a
         *     close code; {@code close_4009} and the like for Discord's codes
         */
        public String cause() {
            return CloseReason.of(code)
                    .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                    .orElseGet(() -> CloseCode.metricLabel(code));
        }
    }

    /** The shard will connect again. */
    record Reconnecting(int failures) implements ShardLifecycleEvent {}

    /**
     * Discord acknowledges heartbeats but sends no events. The shard resumes its session on the
     * main URL, or starts a new session.
     */
    record Silent(long millis, boolean sessionGivenUp) implements ShardLifecycleEvent {}

    /** Discord refused the shard for good. The shard is stopped. */
    record Refused(int closeCode, String advice) implements ShardLifecycleEvent {}
}
