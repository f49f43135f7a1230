package loom.dispatch.gateway.limits;

import java.time.Duration;

/**
 * Keeps one connection within Discord's limit of 120 messages in 60 s. Discord closes a connection
 * that exceeds it with 4008 (protocol section 1.7). Owner: the shard's thread.
 *
 * <p>Heartbeats are never delayed. All other frames leave room for them: with a heartbeat interval
 * {@code i} any window holds at most {@code ceil(window / i)} heartbeats. One more message is
 * reserved for the time between passing a frame to the socket and its sending. IDENTIFY and RESUME
 * need no reserve, because they are the first frames of a connection besides heartbeats. With the
 * usual 41.25 s commands may use 117 of the 120.
 */
public final class SendBudget {
    static final int LIMIT = 120;

    /** One second more than Discord's window, for variations of the network delay. */
    static final Duration WINDOW = Duration.ofSeconds(61);

    private final SlidingWindow sends = new SlidingWindow(LIMIT, WINDOW);
    private int commandShare;

    /**
     * Sets the heartbeat interval that HELLO announced. Before HELLO a connection sends only
     * IDENTIFY and RESUME.
     */
    public void setHeartbeatInterval(long intervalMillis) {
        commandShare =
                LIMIT - (int) Math.ceilDiv(WINDOW.toMillis(), Math.max(1, intervalMillis)) - 1;
    }

    /** Reports that a frame of any kind was passed to the socket. */
    public void passedToSocket(long nowNanos) {
        sends.add(nowNanos);
    }

    /** Reports that the latest frame was sent. */
    public void sent(long nowNanos) {
        sends.moveLatest(nowNanos);
    }

    /** Returns the time from which a command may be sent. */
    public long commandAtNanos() {
        return sends.freeAtNanos(commandShare);
    }

    /**
     * Returns whether a heartbeat that Discord requested may be sent.
     *
     * <p>A burst of requests must not use the share of the regular heartbeats. The next regular
     * heartbeat answers the request too.
     */
    public boolean mayAnswerRequest(long nowNanos) {
        return commandAtNanos() <= nowNanos;
    }
}
