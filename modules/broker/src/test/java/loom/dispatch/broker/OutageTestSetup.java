package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.VirtualHost;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** A broker with a few publishing shards, and a consumer that records the received events. */
final class OutageTestSetup implements AutoCloseable {
    static final int SHARDS = 4;
    private static final int EVENTS_PER_SECOND = 500;

    final Broker broker;
    final List<BrokerEvent> events;
    private final ReceivedEvents arrivals;
    private final List<PublishingLoad> loads = new ArrayList<>();

    private OutageTestSetup(Broker broker, List<BrokerEvent> events, ReceivedEvents arrivals) {
        this.broker = broker;
        this.events = events;
        this.arrivals = arrivals;
    }

    static OutageTestSetup underLoad(BrokerConfig config, VirtualHost host) throws Exception {
        List<BrokerEvent> events = new CopyOnWriteArrayList<>();
        Broker broker = Broker.connect(config, events::add);
        OutageTestSetup outage =
                new OutageTestSetup(broker, events, new ReceivedEvents(host, "gateway.recv"));
        for (int shard = 0; shard < SHARDS; shard++) {
            outage.loads.add(new PublishingLoad(broker, shard, EVENTS_PER_SECOND).start());
        }
        Eventually.await("load runs", Duration.ofSeconds(10), () -> outage.arrivals.count(0) > 100);
        return outage;
    }

    /** Keeps publishing for this time. */
    static void pass(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Connects every 20 ms on a thread of its own until RabbitMQ accepts; returns the time. */
    static CompletableFuture<Long> firstAcceptedNanos(VirtualHost host) {
        var accepted = new CompletableFuture<Long>();
        var factory = new ConnectionFactory();
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        Thread.ofVirtual()
                .start(() -> {
                    while (!accepted.isDone()) {
                        try (Connection _ = factory.newConnection("probe")) {
                            accepted.complete(System.nanoTime());
                        } catch (IOException | TimeoutException refused) {
                            pass(20);
                        }
                    }
                });
        return accepted;
    }

    /**
     * Waits until every shard has settled further events.
     *
     * @return the {@link System#nanoTime} at which the last of them had
     */
    long awaitProgress() {
        List<Long> before = loads.stream().map(PublishingLoad::settled).toList();
        Eventually.await(
                "every shard settles further events",
                Duration.ofSeconds(30),
                () -> {
                    for (int i = 0; i < before.size(); i++) {
                        if (loads.get(i).settled() <= before.get(i)) {
                            return false;
                        }
                    }
                    return true;
                });
        return System.nanoTime();
    }

    /** Stops publishing. Asserts that no event is lost and all are settled and in order. */
    void assertNothingLost(String seed) throws InterruptedException {
        for (int shard = 0; shard < SHARDS; shard++) {
            long last = loads.get(shard).finish();
            arrivals.assertComplete(shard, last, seed);
        }
        assertTrue(broker.close(Duration.ofSeconds(10)));
    }

    @Override
    public void close() {
        arrivals.close();
    }
}
