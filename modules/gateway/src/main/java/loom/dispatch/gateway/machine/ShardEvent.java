package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.Session;

/** An input of the state machine. */
public sealed interface ShardEvent {
    /** The shard starts. */
    record Start(HandshakePlan plan) implements ShardEvent {}

    /** The pause before the next connection has ended. */
    record PauseOver() implements ShardEvent {}

    /**
     * The heartbeat timer fired.
     *
     * @param heard whether anything arrived since the last heartbeat; any frame counts, because an
     *     ACK can queue behind megabytes of guilds
     * @param withheld whether the shard itself decoded nothing, so that silence proves nothing
     */
    record HeartbeatDue(boolean heard, boolean withheld) implements ShardEvent {}

    /** The idle timer fired, and the shard's thread checked the connection. */
    record IdleCheckDue(IdleConnectionCheck.Finding finding) implements ShardEvent {}

    /**
     * The deadline of the present state passed.
     *
     * @param progress whether events arrived since the deadline was set, or the shard itself
     *     decoded nothing
     */
    record DeadlinePassed(boolean progress) implements ShardEvent {}

    /**
     * Discord acknowledges heartbeats but sends no events.
     *
     * @param millis the time since the last event
     * @param giveUpSession whether a RESUME did not help before
     */
    record Silent(long millis, boolean giveUpSession) implements ShardEvent {}

    /** A worker requests a new connection for the same session. */
    record ReconnectCommanded() implements ShardEvent {}

    /** The service drains. */
    record Drain() implements ShardEvent {}

    /** An event of one connection. An event of an older connection changes nothing. */
    sealed interface OfConnection extends ShardEvent {
        /** Returns the connection's number. */
        int epoch();
    }

    /** The connection may be opened now. */
    record PlaceGranted(int epoch) implements OfConnection {}

    /** The WebSocket connection is open. */
    record Opened(int epoch) implements OfConnection {}

    /** The connection could not be opened, or broke without a close frame. */
    record Failed(int epoch, String reason) implements OfConnection {}

    /** Discord closed the connection. */
    record Closed(int epoch, int code, String reason) implements OfConnection {}

    /** A message could not be decoded. The decompressor cannot continue. */
    record Corrupted(int epoch, String what) implements OfConnection {}

    /** Discord sent HELLO (op 10). */
    record Hello(int epoch, long intervalMillis) implements OfConnection {}

    /** Discord requested a heartbeat (op 1). */
    record HeartbeatRequested(int epoch) implements OfConnection {}

    /** Discord requested a reconnect (op 7). */
    record ReconnectRequested(int epoch) implements OfConnection {}

    /** Discord sent INVALID_SESSION (op 9). */
    record SessionInvalidated(int epoch, boolean resumable) implements OfConnection {}

    /** The identify limiter granted this connection its turn. */
    record PermitGranted(int epoch) implements OfConnection {}

    /** Discord sent READY of a new session. */
    record ReadyReceived(int epoch, Session session) implements OfConnection {}

    /** Discord sent RESUMED: the replay has ended. */
    record ResumedReceived(int epoch) implements OfConnection {}
}
