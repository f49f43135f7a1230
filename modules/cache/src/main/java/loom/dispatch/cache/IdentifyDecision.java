package loom.dispatch.cache;

import java.time.Duration;

/** The ledger's answer to who wants to IDENTIFY. */
public sealed interface IdentifyDecision {
    /**
     * The shard may IDENTIFY now; report with {@link IdentifyLedger#left} when it has left.
     *
     * @param remaining IDENTIFYs left after it
     */
    record Granted(long remaining) implements IdentifyDecision {}

    /** Nobody may before Discord has said what is left: see {@link IdentifyLedger#observe}. */
    record AskDiscord() implements IdentifyDecision {}

    /**
     * Not now.
     *
     * @param why what stands against it
     * @param time ask again after this
     */
    record Wait(Why why, Duration time) implements IdentifyDecision {}

    /** What stands against an IDENTIFY. */
    enum Why {
        /** Another IDENTIFY of the same key was less than the interval ago, maybe elsewhere. */
        KEY,
        /** Only the reserve is left. */
        RESERVE,
        /** Little is left, and is spread over the time until the budget is filled again. */
        SLOW,
        /** This shard has IDENTIFYed again and again; only it must wait. */
        LOOP
    }
}
