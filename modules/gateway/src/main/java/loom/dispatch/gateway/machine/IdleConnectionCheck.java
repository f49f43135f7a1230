package loom.dispatch.gateway.machine;

/**
 * Decides when an idle connection is tested with a heartbeat, and when it counts as dead. It works
 * like TCP keepalive.
 *
 * <p>The JDK's WebSocket may not report the end of a connection: it drops an end of stream that
 * arrives while the callback of the previous message is being scheduled (ADR 22). The regular
 * heartbeats would notice that after up to two intervals. This check needs three of its own waits.
 * After its latest event a connection is tested once, so a quiet shard sends at most one extra
 * heartbeat per event.
 *
 * <p>Owner: the shard's thread, which calls {@link #check} whenever the idle timer fires.
 */
public final class IdleConnectionCheck {
    /** The result of a check. */
    public enum Finding {
        /** Something arrived, or a heartbeat cannot be sent now: check again later. */
        ACTIVE,
        /** Nothing arrived: send a heartbeat, and check again when the answer is due. */
        IDLE,
        /** Discord answered, and no event has arrived since: stop until the next event. */
        RESTED,
        /** Discord did not answer the heartbeat. */
        DEAD
    }

    private boolean timerRuns;
    private boolean eventExpected;
    private boolean received;
    private boolean tested;

    /**
     * Reports that an event arrived or is expected, so that silence is checked from now on.
     *
     * @return whether the timer must be started, because it does not run
     */
    public boolean expectEvent() {
        eventExpected = true;
        boolean begins = !timerRuns;
        timerRuns = true;
        return begins;
    }

    /** Reports that anything arrived. */
    public void received() {
        received = true;
    }

    /**
     * Checks the connection when the timer fired.
     *
     * @param maySendHeartbeat whether a heartbeat may be sent and its answer could arrive
     */
    public Finding check(boolean maySendHeartbeat) {
        boolean hadReceived = received;
        boolean wasTested = tested;
        received = false;
        tested = false;
        if (hadReceived) {
            timerRuns = eventExpected;
            eventExpected = false;
            return timerRuns ? Finding.ACTIVE : Finding.RESTED;
        }
        if (!maySendHeartbeat) {
            return Finding.ACTIVE;
        }
        if (wasTested) {
            return Finding.DEAD;
        }
        tested = true;
        return Finding.IDLE;
    }
}
