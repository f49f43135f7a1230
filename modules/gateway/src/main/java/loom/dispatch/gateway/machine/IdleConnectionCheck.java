package loom.dispatch.gateway.machine;

/**
 * When a connection that fell idle must be asked whether it is still there, and what the silence
 * after that means: what TCP's keepalive is to a socket, with a heartbeat as the probe.
 *
 * <p>Needed because the JDK's WebSocket may never tell that a connection has ended: an end of
 * stream that comes while the callback for the message before it is on its way is dropped (ADR 22).
 * The regular heartbeats notice that after up to two of their intervals; this does after three of
 * its own waits. A connection is asked once after its latest event, so that a quiet shard sends no
 * more than one heartbeat for each time that it was spoken to.
 *
 * <p>Owner: the shard's thread, which calls {@link #look} each time that the probe's timer fires.
 */
public final class IdleConnectionCheck {
    /** What a look finds, and so what is to be done. */
    public enum Finding {
        /** It was heard, or cannot be asked now: look again later. */
        LIVELY,
        /** Nothing was heard: ask, and look again when an answer should have come. */
        IDLE,
        /** It answered, and no event has come since: nothing to do until the next. */
        AT_REST,
        /** It was asked and did not answer. */
        DEAD
    }

    private boolean watching;
    private boolean expected;
    private boolean heard;
    private boolean asked;

    /**
     * An event came, or is about to: from now on silence is looked into.
     *
     * @return whether the timer must be started for it, because none runs
     */
    public boolean expect() {
        expected = true;
        boolean begins = !watching;
        watching = true;
        return begins;
    }

    /** Something arrived, whatever it is. */
    public void hear() {
        heard = true;
    }

    /**
     * The timer fired.
     *
     * @param mayAsk whether a heartbeat may be sent, and an answer could arrive
     */
    public Finding look(boolean mayAsk) {
        boolean wasHeard = heard;
        boolean wasAsked = asked;
        heard = false;
        asked = false;
        if (wasHeard) {
            watching = expected;
            expected = false;
            return watching ? Finding.LIVELY : Finding.AT_REST;
        }
        if (!mayAsk) {
            return Finding.LIVELY;
        }
        if (wasAsked) {
            return Finding.DEAD;
        }
        asked = true;
        return Finding.IDLE;
    }
}
