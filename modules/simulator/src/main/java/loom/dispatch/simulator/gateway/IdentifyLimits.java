package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.SimulatorConfig;

import java.util.HashMap;
import java.util.Map;

/**
 * Enforces the identify limits: one IDENTIFY per key and interval, and a daily limit (protocol
 * section 1.7). The gateway's lock guards it.
 */
final class IdentifyLimits {
    /** The decision about an IDENTIFY. */
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

    /** Counts an IDENTIFY. A rejected one counts too and restarts the interval. */
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
