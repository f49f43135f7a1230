package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.Session;

/** Everything that can happen to a shard, as the state machine sees it. */
public sealed interface ShardEvent {
    /** The shard is told to begin. */
    record Start(HandshakePlan plan) implements ShardEvent {}

    /** The pause before the next connection is over. */
    record PauseOver() implements ShardEvent {}

    /**
     * The heartbeat timer fired.
     *
     * @param heard whether anything arrived since the last heartbeat: any frame is life, because an
     *     ACK can queue behind megabytes of guilds
     * @param withheld whether we ourselves asked for no frames, so that silence proves nothing
     */
    record HeartbeatDue(boolean heard, boolean withheld) implements ShardEvent {}

    /** The probe's timer fired, and the shard's thread has looked. */
    record ProbeDue(IdleConnectionCheck.Finding finding) implements ShardEvent {}

    /**
     * The deadline of the present step passed.
     *
     * @param progress whether events arrived since it was set, or we withheld demand
     */
    record DeadlinePassed(boolean progress) implements ShardEvent {}

    /**
     * Events stopped though heartbeats are answered.
     *
     * @param millis for how long
     * @param giveUpSession whether a resume has not helped already
     */
    record Silent(long millis, boolean giveUpSession) implements ShardEvent {}

    /** Somebody asks for a fresh connection of the same session. */
    record ReconnectCommanded() implements ShardEvent {}

    /** The service shuts down. */
    record Drain() implements ShardEvent {}

    /** An event of one connection; one of an older connection is a no-op. */
    sealed interface OfConnection extends ShardEvent {
        /** The connection's number. */
        int epoch();
    }

    /** This connection may be opened now. */
    record PlaceGranted(int epoch) implements OfConnection {}

    /** The WebSocket is open. */
    record Opened(int epoch) implements OfConnection {}

    /** The connection could not be opened, or broke without a close frame. */
    record Failed(int epoch, String reason) implements OfConnection {}

    /** Discord closed the connection. */
    record Closed(int epoch, int code, String reason) implements OfConnection {}

    /** What arrived cannot be understood, so the decompressor's context is lost for good. */
    record Corrupted(int epoch, String what) implements OfConnection {}

    /** Op 10. */
    record Hello(int epoch, long intervalMillis) implements OfConnection {}

    /** Op 1: Discord wants a heartbeat at once. */
    record HeartbeatRequested(int epoch) implements OfConnection {}

    /** Op 7. */
    record ReconnectRequested(int epoch) implements OfConnection {}

    /** Op 9. */
    record SessionInvalidated(int epoch, boolean resumable) implements OfConnection {}

    /** The identify limiter lets this connection IDENTIFY now. */
    record PermitGranted(int epoch) implements OfConnection {}

    /** The dispatch READY: a new session. */
    record ReadyReceived(int epoch, Session session) implements OfConnection {}

    /** The dispatch RESUMED: the replay is over. */
    record ResumedReceived(int epoch) implements OfConnection {}
}
