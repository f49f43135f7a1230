package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.limits.SlidingWindow;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A worker's frame that waits to be sent. Times are nanoseconds on the shard's clock.
 *
 * @param number the frame's number in the order of arrival
 * @param arrivedNanos the time of arrival
 * @param expiresNanos the time at which the frame expires, {@link SlidingWindow#NEVER} if it has
 *     none
 */
public record QueuedFrame(
        WorkerFrame frame,
        int priority,
        long number,
        long arrivedNanos,
        long expiresNanos,
        CompletableFuture<SendOutcome> outcome)
        implements Comparable<QueuedFrame> {
    /** Orders by descending priority, then by arrival. */
    @Override
    public int compareTo(QueuedFrame other) {
        int byPriority = Integer.compare(other.priority, priority);
        return byPriority != 0 ? byPriority : Long.compare(number, other.number);
    }

    boolean expires() {
        return expiresNanos != SlidingWindow.NEVER;
    }

    /** Returns the presence in the frame, if it is a presence update. */
    Optional<WorkerFrame.Kind.Presence> presence() {
        return frame.kind() instanceof WorkerFrame.Kind.Presence presence
                ? Optional.of(presence)
                : Optional.empty();
    }

    /**
     * Completes the outcome, once.
     *
     * <p>A new thread completes it, because the code that waits for it may block on RabbitMQ and
     * the shard's thread must not.
     */
    void end(SendOutcome result) {
        Thread.startVirtualThread(() -> outcome.complete(result));
    }
}
