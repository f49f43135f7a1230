package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.backlog.ShardStats;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What other threads tell a shard, and its one place to wait. Any thread adds; all else is for the
 * shard's thread, which says here when it will look up, and when it did.
 */
final class ShardInbox {
    private final BlockingQueue<InboxSignal> signals = new LinkedBlockingQueue<>();
    private final WakeUpTimer alarm;
    private final ShardStats vitals;

    ShardInbox(ScheduledExecutorService clock, ShardStats vitals) {
        this.alarm = new WakeUpTimer(clock, () -> add(new InboxSignal.Alarmed()));
        this.vitals = vitals;
    }

    void add(InboxSignal signal) {
        signals.add(signal);
    }

    /** The next signal, at once or never. */
    Optional<InboxSignal> poll() {
        return Optional.ofNullable(signals.poll());
    }

    /**
     * Waits for the next signal.
     *
     * @param wait after which something of the shard's own is due: a signal comes then in any case
     * @return empty only if it is due now
     */
    Optional<InboxSignal> next(long wait) throws InterruptedException {
        InboxSignal signal = signals.poll();
        if (signal == null && wait > 0) {
            long now = System.nanoTime();
            vitals.looksUp(now + wait);
            alarm.ringsBy(now, now + wait);
            signal = signals.take();
        }
        vitals.looksUp(System.nanoTime());
        if (signal instanceof InboxSignal.Alarmed) {
            alarm.rang();
        }
        return Optional.ofNullable(signal);
    }
}
