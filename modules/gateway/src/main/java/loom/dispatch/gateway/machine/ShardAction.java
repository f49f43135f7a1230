package loom.dispatch.gateway.machine;

import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.ShardLifecycleEvent;

import java.time.Duration;

/** What the state machine wants done; the shard's thread does it, in the order given. */
public sealed interface ShardAction {
    /** Queue for a place among the connections that are being opened. */
    record AskPlace(int epoch, HandshakePlan plan) implements ShardAction {}

    /** Open a connection with this number. */
    record Connect(int epoch, HandshakePlan plan) implements ShardAction {}

    /** Close the present connection, if there is one, and forget it. */
    record Disconnect(CloseReason goodbye) implements ShardAction {}

    /** Queue for the right to IDENTIFY on this connection. */
    record AskPermit(int epoch) implements ShardAction {}

    /** Let no shard IDENTIFY any more: what was refused is the bot, not the shard. */
    record ForbidIdentifies() implements ShardAction {}

    /** Send op 2. */
    record SendIdentify() implements ShardAction {}

    /** Send op 6 with the last received sequence. */
    record SendResume(Session session) implements ShardAction {}

    /** Send op 1 with the last received sequence. */
    record SendHeartbeat() implements ShardAction {}

    /** Drop the session and its sequence: Discord has. */
    record ForgetSession() implements ShardAction {}

    /**
     * Set a timer to fire once, after a random time between the two; replaces one that runs.
     *
     * @param least at least this
     * @param most at most this
     */
    record StartTimer(Timer timer, Duration least, Duration most) implements ShardAction {
        public static StartTimer exactly(Timer timer, Duration after) {
            return new StartTimer(timer, after, after);
        }
    }

    /** Stop one timer. */
    record StopTimer(Timer timer) implements ShardAction {}

    /** Stop all timers. */
    record StopTimers() implements ShardAction {}

    /** Tell the observer. */
    record Tell(ShardLifecycleEvent notice) implements ShardAction {}

    /** A shard's timers; each runs at most once at a time. */
    enum Timer {
        /** Until the next connection. */
        PAUSE,
        /** Until connect, HELLO, READY or RESUMED must have come. */
        DEADLINE,
        /** Until the next heartbeat. */
        HEARTBEAT,
        /** Until the next look at a connection that may have fallen idle. */
        PROBE
    }
}
