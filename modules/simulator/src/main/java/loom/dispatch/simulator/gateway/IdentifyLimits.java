package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.SimulatorConfig;

import java.util.HashMap;
import java.util.Map;

/**
 * The identify limits: one per key and interval, and a number of starts a day (protocol section
 * 1.7). Guarded by the gateway's lock.
 */
final class IdentifyLimits {
    /** What an IDENTIFY meets. */
    enum Verdict {
        ACCEPTED,
        TOO_SOON,
        USED_UP
    }

    private final long intervalNanos;
    private final int maxConcurrency;
    private final Map<Integer, Long> lastByKey = new HashMap<>();
    private int remaining;

    IdentifyLimits(SimulatorConfig config) {
        intervalNanos = config.identifyInterval().toNanos();
        maxConcurrency = config.maxConcurrency();
        remaining = config.startsRemaining();
    }

    int key(int shard) {
        return shard % maxConcurrency;
    }

    int remaining() {
        return remaining;
    }

    void remaining(int starts) {
        remaining = starts;
    }

    /** Counts a start, refused or not; a refused one starts the interval anew as well. */
    Verdict enter(int shard, long nowNanos) {
        if (remaining <= 0) {
            return Verdict.USED_UP;
        }
        remaining--;
        Long last = lastByKey.put(key(shard), nowNanos);
        return last == null || nowNanos - last >= intervalNanos
                ? Verdict.ACCEPTED
                : Verdict.TOO_SOON;
    }
}
