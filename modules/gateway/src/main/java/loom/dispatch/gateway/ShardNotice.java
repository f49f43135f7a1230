package loom.dispatch.gateway;

import java.util.Locale;

/** What an observer hears of a shard's life: for logs, metrics and the log channel. */
public sealed interface ShardNotice {
    /** A connection is being opened. */
    record Connecting(boolean resuming, boolean onMainUrl) implements ShardNotice {}

    /** The WebSocket is open. */
    record Connected() implements ShardNotice {}

    /** HELLO came. */
    record Hello(long heartbeatIntervalMillis) implements ShardNotice {}

    /** IDENTIFY is sent. */
    record Identifying() implements ShardNotice {}

    /** RESUME is sent. */
    record Resuming(String sessionId) implements ShardNotice {}

    /** READY came. */
    record Ready(String sessionId) implements ShardNotice {}

    /** RESUMED came. */
    record Resumed(String sessionId) implements ShardNotice {}

    /** Discord ended the session: what happened since the last event is lost to everyone. */
    record SessionInvalidated(boolean resumable) implements ShardNotice {}

    /**
     * The connection is gone.
     *
     * @param code Discord's close code, ours if we closed, 1006 if there was none
     */
    record Disconnected(int code, String reason) implements ShardNotice {
        /**
         * Why, in a word for metrics: one of few, whatever code Discord sends.
         *
         * @return what we closed it for, as {@code zombie}; {@code lost} without a close code;
         *     {@code close_4009} and the like for Discord's own codes
         */
        public String cause() {
            return Goodbye.of(code)
                    .map(goodbye -> goodbye.name().toLowerCase(Locale.ROOT))
                    .orElseGet(() -> CloseCode.word(code));
        }
    }

    /** The next connection is due. */
    record Reconnecting(int failures) implements ShardNotice {}

    /**
     * Events stopped though heartbeats are answered: the session is resumed on the main URL, or
     * given up for a new one.
     */
    record Silent(long millis, boolean sessionGivenUp) implements ShardNotice {}

    /** Discord refused for good; the shard is stopped. */
    record Refused(int closeCode, String advice) implements ShardNotice {}
}
