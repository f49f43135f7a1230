package loom.dispatch.broker.publish;

import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.runtime.EventLog;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells a listener how far a lane is settled: in growing order and by one thread at a time, though
 * two threads find it out.
 *
 * <p>Who finds {@code pending} at 0 announces for all that come meanwhile; nobody waits.
 */
public final class SettlementNotifier {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    private final SettlementListener listener;
    private final AtomicLong reached = new AtomicLong(Long.MIN_VALUE);
    private final AtomicInteger pending = new AtomicInteger();
    // Owned by the thread that announces; handed on through pending.
    private long announced = Long.MIN_VALUE;

    public SettlementNotifier(SettlementListener listener) {
        this.listener = listener;
    }

    /** Any thread: everything up to this position is settled. */
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
                tell(now);
            }
            seen = pending.addAndGet(-seen);
        } while (seen != 0);
    }

    private void tell(long position) {
        try {
            listener.settled(position);
        } catch (RuntimeException fault) {
            LOG.write(BrokerLogEvents.SETTLEMENT_LISTENER_FAILED.with(position).causedBy(fault));
        }
    }
}
