package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.OutboundFrame;
import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.limits.SlidingWindow;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Admits frames to one shard's {@link OutboundQueue}. It rejects at once frames for which Discord
 * would close the connection, and frames beyond the bounds. Any thread may call it.
 *
 * <p>Bounds of all frames that were admitted and have no outcome yet:
 *
 * <ul>
 *   <li>Frames: a shard has at most 2,500 guilds, and a bot may request the members of all of them
 *       after its start; 60 more for other frames. At 117 frames in 61 s they take 22 minutes, less
 *       than the 30 after which RabbitMQ requeues an unacknowledged delivery.
 *   <li>Bytes: a member request has about 120. 1 MiB is 2,560 frames of 400 bytes.
 * </ul>
 */
public final class OutboundAdmission {
    static final int MOST_FRAMES = 2_560;
    static final long MOST_BYTES = 1024 * 1024;

    private final LongSupplier clock;
    private final Consumer<QueuedFrame> inbox;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean closed;

    /**
     * Creates the admission of one shard.
     *
     * @param clock the shard's clock, in nanoseconds
     * @param inbox passes an admitted frame to the shard's thread
     */
    public OutboundAdmission(LongSupplier clock, Consumer<QueuedFrame> inbox) {
        this.clock = clock;
        this.inbox = inbox;
    }

    /** Admits or rejects a frame. Does not block. */
    public CompletableFuture<SendOutcome> admit(OutboundFrame message) {
        var outcome = new CompletableFuture<SendOutcome>();
        int length = message.frame().length;
        if (length > OutboundFrame.MOST_BYTES) {
            outcome.complete(new SendOutcome.TooLarge(length));
            return outcome;
        }
        try {
            WorkerFrame frame = WorkerFrame.parse(message.frame());
            if (reserve(length)) {
                outcome.whenComplete((_, _) -> release(length));
                inbox.accept(queued(message, frame, outcome));
            } else {
                outcome.complete(new SendOutcome.QueueFull());
            }
        } catch (WorkerFrame.Refused e) {
            outcome.complete(e.outcome());
        }
        if (closed) {
            outcome.complete(new SendOutcome.NotConnected());
        }
        return outcome;
    }

    private QueuedFrame queued(
            OutboundFrame message, WorkerFrame frame, CompletableFuture<SendOutcome> outcome) {
        long now = clock.getAsLong();
        long expires =
                message.expires()
                        .map(Duration::toNanos)
                        .map(nanos -> now + Math.min(nanos, OutboundQueue.LONGEST_WAIT.toNanos()))
                        .orElse(SlidingWindow.NEVER);
        return new QueuedFrame(
                frame, message.priority(), numbers.incrementAndGet(), now, expires, outcome);
    }

    private boolean reserve(int length) {
        boolean fewEnough = frames.incrementAndGet() <= MOST_FRAMES;
        boolean smallEnough = bytes.addAndGet(length) <= MOST_BYTES;
        if (!fewEnough || !smallEnough) {
            release(length);
        }
        return fewEnough && smallEnough;
    }

    private void release(int length) {
        frames.decrementAndGet();
        bytes.addAndGet(-length);
    }

    /** Returns the number of admitted frames without an outcome. */
    public int frames() {
        return frames.get();
    }

    public boolean closed() {
        return closed;
    }

    /** Rejects all further frames, because the shard has stopped for good. */
    public void close() {
        closed = true;
    }
}
