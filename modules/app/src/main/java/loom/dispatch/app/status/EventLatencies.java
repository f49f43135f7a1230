package loom.dispatch.app.status;

import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.metrics.Histogram;
import loom.dispatch.metrics.Metrics;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Measures the time of events from the socket to their confirm.
 *
 * <p>It observes every interaction, because its answer is due within three seconds. Of other events
 * it observes the last one of each batch. It does not observe spooled events: their latency is the
 * duration of the outage.
 */
public final class EventLatencies {
    private static final String INTERACTION = "INTERACTION_CREATE";

    private final Histogram batches;
    private final Histogram apply;
    private final Histogram delivery;
    private final Histogram confirm;
    private final Histogram interaction;
    private final LongSupplier nanoTime;

    public EventLatencies(Metrics metrics, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        batches =
                metrics.countHistogram(
                        "gateway_batch_events",
                        "Events in a batch, which goes to Redis and RabbitMQ as one");
        apply =
                metrics.timeHistogram(
                        "state_apply_seconds", "From taking a batch to its effect in Redis");
        delivery =
                metrics.timeHistogram(
                        "gateway_delivery_seconds",
                        "From the socket to RabbitMQ's confirm, one event of each batch");
        confirm =
                metrics.timeHistogram(
                        "broker_confirm_seconds",
                        "From the effect in Redis to RabbitMQ's confirm, one event of each batch");
        interaction =
                metrics.timeHistogram(
                        "gateway_interaction_seconds",
                        "From the socket to RabbitMQ's confirm, each INTERACTION_CREATE");
    }

    public Shard shard() {
        return new Shard();
    }

    private record Waiting(
            long position, long receivedNanos, long handedNanos, boolean interaction) {}

    /**
     * The observed events of one shard; at most those of its backlog. The dispatch thread adds
     * them. The threads that report confirms, one at a time, remove them.
     */
    public final class Shard {
        private final ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();

        /**
         * A batch has its effect in Redis and is about to be handed to the lane.
         *
         * @param begunNanos when it was taken up
         */
        public void handed(List<DispatchEvent> batch, long begunNanos) {
            long now = nanoTime.getAsLong();
            batches.observe(batch.size());
            apply.observe(now - begunNanos);
            for (DispatchEvent event : batch) {
                boolean isInteraction = event.type().equals(INTERACTION);
                if (isInteraction || event == batch.getLast()) {
                    waiting.add(
                            new Waiting(
                                    event.position(), event.receivedNanos(), now, isInteraction));
                }
            }
        }

        /** All up to this position is confirmed. */
        public void confirmed(long position) {
            long now = nanoTime.getAsLong();
            for (Waiting next = take(position); next != null; next = take(position)) {
                if (next.interaction()) {
                    interaction.observe(now - next.receivedNanos());
                } else {
                    delivery.observe(now - next.receivedNanos());
                    confirm.observe(now - next.handedNanos());
                }
            }
        }

        /** All up to this position is on disk. */
        public void spooled(long position) {
            Waiting next = take(position);
            while (next != null) {
                next = take(position);
            }
        }

        /** Confirms and the disk may meet here; each entry goes to one of them. */
        private synchronized Waiting take(long position) {
            Waiting first = waiting.peek();
            return first != null && first.position() <= position ? waiting.poll() : null;
        }
    }
}
