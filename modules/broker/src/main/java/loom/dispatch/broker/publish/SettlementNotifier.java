package loom.dispatch.broker.publish;

import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.runtime.EventLog;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reports a lane's settled position to its listener: in ascending order, and on one thread at a
 * time.
 *
 * <p>Two threads settle positions: the connection's reading thread, and the dispatch thread for
 * skipped events. The thread that increments {@code pending} from 0 calls the listener, also for
 * the positions that the other thread adds meanwhile. No thread waits.
 */
public final class SettlementNotifier {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    private final SettlementListener listener;
    private final AtomicLong reached = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger pending = new AtomicInteger();
    // Owned by the thread that calls the listener. The atomic pending orders the accesses.
    private long announced = Long.MIN_VALUE;

    public SettlementNotifier(SettlementListener listener) {
        this.listener = listener;
    }

    /** Reports that everything up to this position is settled. Any thread may call it. */
    public void announce(long position) {
        reached.accumulateAndGet(position, Math::max);
        if (pending.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            long now = reached.get();
            if (now > announced) {
                announced = now;
                report(now);
            }
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }

    private void report(long position) {
        try {
            listener.settled(position);
        } catch (RuntimeException fault) {
            LOG.write(BrokerLogEvents.SETTLEMENT_LISTENER_FAILED.with(position).causedBy(fault));
        }
    }
}
