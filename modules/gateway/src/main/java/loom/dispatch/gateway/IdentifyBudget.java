package loom.dispatch.gateway;

import java.time.Duration;

/**
 * Limits the IDENTIFYs of the bot over all its processes.
 *
 * <p>If the daily IDENTIFY limit is exhausted, Discord resets the token and ends all sessions
 * (protocol section 1.7). This budget stops a loop of failing IDENTIFYs before Discord does.
 *
 * <p>Only the identify limiter's thread calls it. A call may block for one request.
 */
public interface IdentifyBudget {
    /** Requests one IDENTIFY for this shard. {@link #left} follows each granted one. */
    Verdict take(int shard);

    /**
     * Reports that the granted IDENTIFY of this shard was sent, or may have been sent. The interval
     * to the next one starts.
     */
    void left(int shard);

    /** The answer to a request for an IDENTIFY. */
    sealed interface Verdict {
        /** The shard may IDENTIFY now. */
        record Granted() implements Verdict {}

        /** No shard of this key may IDENTIFY. Ask again after this time. */
        record Wait(Duration time) implements Verdict {}

        /** This shard may not IDENTIFY, others may. Ask for this shard again after this time. */
        record Pause(Duration time) implements Verdict {}
    }

    /** Returns a budget that grants every IDENTIFY, for a server that does not count them. */
    static IdentifyBudget unlimited() {
        return new IdentifyBudget() {
            @Override
            public Verdict take(int shard) {
                return new Verdict.Granted();
            }

            @Override
            public void left(int shard) {
                // nothing is counted
            }
        };
    }
}
