package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.limits.SlidingWindow;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A frame from outside on its way to the socket. Times are nanoseconds on the shard's clock.
 *
 * @param number in the order in which they came
 * @param expiresNanos when it is no longer wanted, {@link SlidingWindow#NEVER} if it does not say
 * @param cameNanos when it came
 */
public record QueuedFrame(
        WorkerFrame frame,
        int priority,
        long number,
        long cameNanos,
        long expiresNanos,
        CompletableFuture<SendOutcome> outcome)
        implements Comparable<QueuedFrame> {
    /** Greater priority first, then first come, first served. */
    @Override
    public int compareTo(QueuedFrame other) {
        int byPriority = Integer.compare(other.priority, priority);
        return byPriority != 0 ? byPriority : Long.compare(number, other.number);
    }

    boolean expires() {
        return expiresNanos != SlidingWindow.NEVER;
    }

    /** What it would have the bot show, if it is a presence. */
    Optional<WorkerFrame.Kind.Presence> presence() {
        return frame.kind() instanceof WorkerFrame.Kind.Presence presence
                ? Optional.of(presence)
                : Optional.empty();
    }

    /**
     * Tells what became of it, once; on a thread of its own, because who hears it may wait for
     * RabbitMQ and the shard's thread must not.
     */
    void end(SendOutcome result) {
        Thread.startVirtualThread(() -> outcome.complete(result));
    }
}
