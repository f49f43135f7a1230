package loom.dispatch.gateway.shard;

import loom.dispatch.runtime.ThreadPulse;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Receives the signals of other threads for a shard's thread. The shard's thread waits only here.
 *
 * <p>Any thread adds signals. The shard's thread takes them, and announces when it will be back
 * from a wait.
 */
final class ShardInbox {
    private final BlockingQueue<InboxSignal> signals = new LinkedBlockingQueue<>();
    private final WakeUpTimer wakeUp;

    ShardInbox(ScheduledExecutorService clock) {
        this.wakeUp = new WakeUpTimer(clock, () -> add(new InboxSignal.TimerFired()));
    }

    void add(InboxSignal signal) {
        signals.add(signal);
    }

    /** Returns the next signal without waiting. */
    Optional<InboxSignal> poll() {
        return Optional.ofNullable(signals.poll());
    }

    /**
     * Waits for the next signal.
     *
     * @param pulse learns when the thread will be back from the wait
     * @param wait the time until a timer of the shard is due; the wake-up timer then adds a signal
     * @return empty only if {@code wait} is not positive and no signal is present
     */
    Optional<InboxSignal> next(ThreadPulse pulse, long wait) throws InterruptedException {
        InboxSignal signal = signals.poll();
        if (signal == null && wait > 0) {
            long now = System.nanoTime();
            pulse.expectBy(now + wait);
            wakeUp.setFor(now, now + wait);
            signal = signals.take();
        }
        pulse.beat();
        if (signal instanceof InboxSignal.TimerFired) {
            wakeUp.fired();
        }
        return Optional.ofNullable(signal);
    }
}
