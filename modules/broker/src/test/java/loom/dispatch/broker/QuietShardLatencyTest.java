package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Tests the latency of a shard with few events, for example interactions, which a bot must answer
 * within three seconds. Other shards publish as fast as they can on the same connection.
 */
class QuietShardLatencyTest {
    private static final int FLOODING = 32;
    private static final int INTERACTIONS = 40;
    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The connection allows 2,000 messages, and each lane at least 8. */
    private static final long MAX_IN_FLIGHT = 2_000 + 8 * (FLOODING + 1);

    private static final byte[] BODY = new byte[1_500];

    @Test
    void interactionDoesNotWaitForLoadOfOtherShards() throws Exception {
        assumeTrue(Servers.sharedRabbit().isRabbitMq());
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        // no consumer: the test measures publishing, and not the time in the queue
        EventQueueArguments few =
                new EventQueueArguments(
                        EventQueueArguments.Type.CLASSIC,
                        1_000,
                        0,
                        EventQueueArguments.Overflow.DROP_HEAD,
                        "");
        BrokerConfig config =
                TestBrokerConfigs.config(host).eventQueue(few).persistent(false).build();
        Broker broker = Broker.connect(config, _ -> {});
        List<Thread> floods = new ArrayList<>();
        Timed flooded = null;
        for (int shard = 1; shard <= FLOODING; shard++) {
            Timed flood = new Timed(broker, shard, 0);
            flooded = flood;
            floods.add(Thread.ofVirtual().start(flood));
        }
        Timed first = flooded;
        Eventually.await("flooding", Duration.ofSeconds(20), () -> first.settledCount() > 300);
        Timed quiet = new Timed(broker, 0, INTERVAL_NANOS);
        Thread interactions = Thread.ofVirtual().start(quiet);
        Eventually.await(
                "interactions", Duration.ofSeconds(60), () -> quiet.settledCount() >= INTERACTIONS);
        long inFlight = broker.stats().inFlightMessages();
        floods.forEach(Thread::interrupt);
        interactions.interrupt();
        long quietMillis = quiet.percentileMillis(50);
        long floodMillis = flooded.percentileMillis(50);
        System.out.printf(
                "in flight %d; settled after: interaction p50 %d p95 %d ms, flood p50 %d ms%n",
                inFlight, quietMillis, quiet.percentileMillis(95), floodMillis);
        assertTrue(inFlight <= MAX_IN_FLIGHT, "in flight " + inFlight);
        // the interaction waits only for messages before it in RabbitMQ's queue
        assertTrue(quietMillis <= 2 * floodMillis, quietMillis + " > 2 * " + floodMillis + " ms");
        broker.close(Duration.ofSeconds(20));
    }

    /** A dispatch thread that records the time from publishing an event to its settlement. */
    private static final class Timed implements Runnable {
        private final PublishingLane lane;
        private final long pauseNanos;
        // The dispatch thread writes it before it publishes the position; the confirm thread reads.
        private final Map<Long, Long> begun = new ConcurrentHashMap<>();
        private final ConcurrentLinkedQueue<Long> tookNanos = new ConcurrentLinkedQueue<>();
        private final AtomicLong settled = new AtomicLong();

        private Timed(Broker broker, int shard, long pauseNanos) {
            this.pauseNanos = pauseNanos;
            this.lane = broker.lane(shard, this::onSettled);
        }

        private void onSettled(long position) {
            long now = System.nanoTime();
            for (long at = settled.get() + 1; at <= position; at++) {
                tookNanos.add(now - begun.remove(at));
            }
            settled.set(position);
        }

        long settledCount() {
            return settled.get();
        }

        long percentileMillis(int percent) {
            List<Long> sorted = tookNanos.stream().sorted().toList();
            return TimeUnit.NANOSECONDS.toMillis(sorted.get(sorted.size() * percent / 100));
        }

        @Override
        public void run() {
            try {
                for (long n = 1; !Thread.currentThread().isInterrupted(); n++) {
                    EventOrigin origin = new EventOrigin(lane.shard(), n, "s", "", false);
                    begun.put(n, System.nanoTime());
                    lane.publish(
                            List.of(
                                    new EventMessage(
                                            n, "INTERACTION_CREATE", BODY, "s:" + n, 0, origin)));
                    LockSupport.parkNanos(pauseNanos);
                }
            } catch (InterruptedException enough) {
                // the test has ended
            }
        }
    }
}
