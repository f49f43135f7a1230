package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.ShardLifecycleEvent;

import java.time.Duration;

/** An action that the state machine requests. The shard's thread executes actions in order. */
public sealed interface ShardAction {
    /** Queues for a place among the shards that connect. */
    record RequestPlace(int epoch, HandshakePlan plan) implements ShardAction {}

    /** Opens a connection with this number. */
    record Connect(int epoch, HandshakePlan plan) implements ShardAction {}

    /** Closes the present connection, if there is one. */
    record Disconnect(CloseReason reason) implements ShardAction {}

    /** Queues for a turn to IDENTIFY on this connection. */
    record RequestPermit(int epoch) implements ShardAction {}

    /** Stops all IDENTIFYs: Discord refused the bot, not only this shard. */
    record ForbidIdentifies() implements ShardAction {}

    /** Sends op 2. */
    record SendIdentify() implements ShardAction {}

    /** Sends op 6 with the last received sequence. */
    record SendResume(Session session) implements ShardAction {}

    /** Sends op 1 with the last received sequence. */
    record SendHeartbeat() implements ShardAction {}

    /** Forgets the session and its sequence, because Discord has ended the session. */
    record ForgetSession() implements ShardAction {}

    /**
     * Starts a timer that fires once, after a random time in this range. It replaces a running one.
     *
     * @param least the least time
     * @param most the greatest time
     */
    record StartTimer(Timer timer, Duration least, Duration most) implements ShardAction {
        public static StartTimer exactly(Timer timer, Duration after) {
            return new StartTimer(timer, after, after);
        }
    }

    /** Stops one timer. */
    record StopTimer(Timer timer) implements ShardAction {}

    /** Stops all timers. */
    record StopTimers() implements ShardAction {}

    /** Reports a lifecycle event to the listener. */
    record Tell(ShardLifecycleEvent notice) implements ShardAction {}

    /** The timers of a shard. Each runs at most once at a time. */
    enum Timer {
        /** Ends the pause before the next connection. */
        PAUSE,
        /** Limits the wait for the connection, HELLO, READY or RESUMED. */
        DEADLINE,
        /** Triggers the next heartbeat. */
        HEARTBEAT,
        /** Triggers the next check of a connection that may be idle. */
        IDLE_CHECK
    }
}
