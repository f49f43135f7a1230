package loom.dispatch.app.status;

import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;
import loom.dispatch.metrics.Metrics;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Interactions have a histogram of their own; what went through the disk is in none. */
final class EventLatenciesTest {
    private static final long MILLI = 1_000_000;

    private final AtomicLong now = new AtomicLong();
    private final Metrics metrics = new Metrics();
    private final EventLatencies.Shard shard = new EventLatencies(metrics, now::get).shard();

    private static DispatchEvent event(long position, String type, long receivedNanos) {
        return new DispatchEvent(
                position,
                0,
                Session.withoutUrl("s"),
                position,
                type,
                "",
                new byte[0],
                receivedNanos,
                false);
    }

    @Test
    void anInteractionIsObservedApartFromTheBatchItCameIn() throws Exception {
        now.set(10 * MILLI);
        shard.handed(
                List.of(
                        event(1, "INTERACTION_CREATE", 2 * MILLI),
                        event(2, "MESSAGE_CREATE", 4 * MILLI),
                        event(3, "MESSAGE_CREATE", 8 * MILLI)),
                9 * MILLI);
        now.set(12 * MILLI);
        shard.confirmed(1);
        now.set(14 * MILLI);
        shard.confirmed(3);
        shard.handed(List.of(event(4, "INTERACTION_CREATE", 14 * MILLI)), 0);
        shard.spooled(4);
        shard.confirmed(4);
        String text = metrics.exposition();
        for (String line :
                List.of(
                        "gateway_interaction_seconds_count 1",
                        "gateway_batch_events_count 2",
                        "state_apply_seconds_bucket{le=\"0.001\"} 1",
                        "gateway_interaction_seconds_sum 0.01",
                        "gateway_delivery_seconds_count 1",
                        "gateway_delivery_seconds_sum 0.006",
                        "broker_confirm_seconds_count 1",
                        "broker_confirm_seconds_sum 0.004")) {
            assertTrue(text.contains(line), line + " in " + text);
        }
    }
}
