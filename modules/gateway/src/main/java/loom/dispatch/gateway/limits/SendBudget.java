package loom.dispatch.gateway.limits;

import java.time.Duration;

/**
 * What one connection may send: 120 messages in 60 s, all of them counted, or Discord closes it
 * with 4008 (protocol section 1.7). One for each connection, for Discord counts each anew. Owner:
 * the shard's thread.
 *
 * <p>Heartbeats ask nobody. So that they always fit, all else leaves them their share: at an
 * interval {@code i} any window holds at most {@code ceil(window / i)} of them, and one more is
 * kept for the moment between handing a frame over and its leaving. IDENTIFY and RESUME need no
 * share: they are the first that a connection sends but for heartbeats, and are counted when sent.
 * At the usual 41.25 s commands may use 117 of the 120.
 */
public final class SendBudget {
    static final int LIMIT = 120;

    /** A second more than Discord's, for what the network delays or hurries. */
    static final Duration WINDOW = Duration.ofSeconds(61);

    private final SlidingWindow sends = new SlidingWindow(LIMIT, WINDOW);
    private int share;

    /** HELLO came: before it nothing but IDENTIFY and RESUME is sent, and no command. */
    public void heartbeatsEvery(long intervalMillis) {
        share = LIMIT - (int) Math.ceilDiv(WINDOW.toMillis(), Math.max(1, intervalMillis)) - 1;
    }

    /** A frame, of whatever kind, is handed to the socket. */
    public void handedOver(long nowNanos) {
        sends.add(nowNanos);
    }

    /** The latest frame that was handed over has left. */
    public void left(long nowNanos) {
        sends.postpone(nowNanos);
    }

    /** From when on a command may be sent. */
    public long commandAtNanos() {
        return sends.freeAtNanos(share);
    }

    /**
     * Whether a heartbeat that Discord asked for may be sent: a burst of such requests must not
     * spend what the regular heartbeats need, and the next of those answers it too.
     */
    public boolean mayAnswer(long nowNanos) {
        return commandAtNanos() <= nowNanos;
    }
}
