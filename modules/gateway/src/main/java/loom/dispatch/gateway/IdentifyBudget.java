package loom.dispatch.gateway;

import java.time.Duration;

/**
 * Guards the day's IDENTIFYs. Who spends the last one has all sessions ended and the token reset
 * (protocol section 1.7), so a loop of failing IDENTIFYs must run into this and not into Discord.
 */
public interface IdentifyBudget {
    /**
     * Asks for one IDENTIFY. Called by the identify limiter's thread, which it may block for a
     * request.
     */
    Verdict take();

    /** Whether an IDENTIFY may be spent now. */
    sealed interface Verdict {
        /** It may. */
        record Granted() implements Verdict {}

        /** It may not; ask again after this time. */
        record Wait(Duration time) implements Verdict {}
    }

    /** A budget without an end, for a Discord that counts nothing. */
    static IdentifyBudget unlimited() {
        return Verdict.Granted::new;
    }
}
