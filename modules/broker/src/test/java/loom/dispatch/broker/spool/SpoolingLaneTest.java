package loom.dispatch.broker.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.Broker;
import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.PublishingLoad;
import loom.dispatch.broker.ReceivedEvents;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.broker.SkippedEvent;
import loom.dispatch.broker.SpoolDirectory;
import loom.dispatch.broker.TestBrokerConfigs;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.proxy.FaultProxy;
import loom.dispatch.servers.proxy.TrafficDirection;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Tests that spooled events are published in order, also by the next process. */
class SpoolingLaneTest {
    private static final int SHARD = 3;
    private static final long PLENTY = 1L << 30;

    @TempDir private Path folder;

    private final VirtualHost host = Servers.sharedRabbit().newVirtualHost();
    private final List<BrokerEvent> events = new CopyOnWriteArrayList<>();
    private FaultProxy proxy;
    private ReceivedEvents arrivals;

    /** Records what the lane reports. */
    private static final class Progress implements SettlementListener {
        private final AtomicLong settled = new AtomicLong(Long.MIN_VALUE);
        private final AtomicLong spooled = new AtomicLong();
        private volatile boolean memoryIsShort = true;

        @Override
        public void settled(long position) {
            settled.set(position);
        }

        @Override
        public void spooled(long position) {
            spooled.set(position);
        }

        @Override
        public boolean memoryIsShort() {
            return memoryIsShort;
        }
    }

    @BeforeEach
    void connect() throws Exception {
        proxy = new FaultProxy(host.host(), host.port());
        arrivals = new ReceivedEvents(host, "gateway.recv");
    }

    @AfterEach
    void disconnect() throws Exception {
        arrivals.close();
        proxy.close();
    }

    private Broker broker() throws Exception {
        return Broker.connect(
                TestBrokerConfigs.config(host, proxy.port()).window(50, 1 << 20).build(),
                events::add);
    }

    /**
     * Publishes the events {@code first} to {@code last} in batches, with the positions of a
     * process that began after event {@code begin}.
     */
    private static void publish(PublishingLane lane, long begin, long first, long last)
            throws Exception {
        for (long n = first; n <= last; n += 40) {
            lane.publish(
                    LongStream.range(n, Math.min(n + 40, last + 1))
                            .mapToObj(sequence ->
                                    PublishingLoad.message(SHARD, sequence)
                                            .withPosition(sequence - begin))
                            .toList());
        }
    }

    private boolean saw(Class<? extends BrokerEvent> kind) {
        return events.stream().anyMatch(kind::isInstance);
    }

    @Test
    void publishesSpooledEventsInOrderAfterOutage() throws Exception {
        Progress progress = new Progress();
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 8)) {
            Broker broker = broker();
            PublishingLane lane = broker.lane(SHARD, progress, spools);
            publish(lane, 0, 1, 200);
            proxy.refuse();
            proxy.reset();
            publish(lane, 0, 201, 3_000);
            lane.publish(List.of(new SkippedEvent(3_001)));
            assertEquals(3_001, progress.spooled.get(), "all events are on disk");
            assertTrue(progress.settled.get() <= 200, "spooled events are not settled");
            assertEquals(1, broker.spoolStats().orElseThrow().spooling());
            proxy.accept();
            arrivals.assertComplete(SHARD, 3_000, "");
            Eventually.await(
                    "drained", Duration.ofSeconds(20), () -> progress.settled.get() == 3_001);
            assertTrue(saw(BrokerEvent.SpoolDrained.class));
            assertEquals(0, broker.spoolStats().orElseThrow().spooling());
            progress.memoryIsShort = false;
            // the skipped event had a position and no sequence
            publish(lane, -1, 3_001, 3_099);
            arrivals.assertComplete(SHARD, 3_099, "");
            Eventually.await(
                    "settled", Duration.ofSeconds(20), () -> progress.settled.get() == 3_100);
            assertEquals(3_001, progress.spooled.get(), "direct again");
            assertTrue(broker.close(Duration.ofSeconds(5)));
        }
    }

    @Test
    void spoolsMessagesInFlightWithoutFurtherEvents() throws Exception {
        Progress progress = new Progress();
        progress.memoryIsShort = false;
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 8)) {
            Broker broker = broker();
            PublishingLane lane = broker.lane(SHARD, progress, spools);
            publish(lane, 0, 1, 20);
            Eventually.await("settled", Duration.ofSeconds(20), () -> progress.settled.get() == 20);
            proxy.stall(TrafficDirection.TO_CLIENT);
            publish(lane, 0, 21, 60);
            lane.publish(List.of(new SkippedEvent(61)));
            lane.spoolIfMemoryIsShort();
            lane.spoolIfMemoryIsShort();
            assertEquals(0, progress.spooled.get(), "memory suffices");
            progress.memoryIsShort = true;
            lane.spoolIfMemoryIsShort();
            assertEquals(61, progress.spooled.get(), "all events are on disk");
            assertEquals(20, progress.settled.get(), "spooled events are not settled");
            lane.spoolIfMemoryIsShort();
            publish(lane, -1, 61, 200);
            proxy.flow(TrafficDirection.TO_CLIENT);
            Eventually.await(
                    "settled", Duration.ofSeconds(20), () -> progress.settled.get() == 201);
            arrivals.assertComplete(SHARD, 200, "");
            Eventually.await(
                    "drained", Duration.ofSeconds(20), () -> saw(BrokerEvent.SpoolDrained.class));
            lane.spoolIfMemoryIsShort();
            lane.spoolIfMemoryIsShort();
            assertEquals(0, broker.spoolStats().orElseThrow().spooling(), "nothing is in flight");
            assertTrue(broker.close(Duration.ofSeconds(5)));
        }
    }

    @Test
    void spoolsNothingWhileRabbitMqConfirms() throws Exception {
        Progress progress = new Progress();
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 8)) {
            Broker broker = broker();
            PublishingLane lane = broker.lane(SHARD, progress, spools);
            for (long n = 1; n <= 40; n++) {
                publish(lane, 0, n, n);
                lane.spoolIfMemoryIsShort();
                long position = n;
                Eventually.await(
                        "settled",
                        Duration.ofSeconds(20),
                        () -> progress.settled.get() == position);
            }
            assertEquals(0, progress.spooled.get());
            assertTrue(broker.close(Duration.ofSeconds(5)));
        }
    }

    @Test
    void isNotDrainedWhileEventsAreOnDisk() throws Exception {
        Progress progress = new Progress();
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 8)) {
            Broker broker = broker();
            proxy.refuse();
            proxy.reset();
            Eventually.await(
                    "disconnected",
                    Duration.ofSeconds(10),
                    () -> saw(BrokerEvent.Disconnected.class));
            PublishingLane lane = broker.lane(SHARD, progress, spools);
            publish(lane, 0, 1, 100);
            assertEquals(100, progress.spooled.get());
            assertEquals(0, broker.stats().inFlightMessages());
            assertFalse(broker.close(Duration.ZERO));
        }
    }

    @Test
    void publishesEventsOfEarlierProcessFirst() throws Exception {
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 8)) {
            Broker broker = broker();
            PublishingLane lane = broker.lane(SHARD, new Progress(), spools);
            publish(lane, 0, 1, 100);
            proxy.refuse();
            proxy.reset();
            publish(lane, 0, 101, 2_000);
            assertFalse(broker.close(Duration.ZERO));
        }
        Progress progress = new Progress();
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 8)) {
            assertEquals(2_000, spools.lastEvents().get(SHARD).sequence());
            proxy.accept();
            Broker broker = broker();
            PublishingLane lane = broker.lane(SHARD, progress, spools);
            publish(lane, 2_000, 2_001, 2_500);
            arrivals.assertComplete(SHARD, 2_500, "");
            Eventually.await(
                    "settled", Duration.ofSeconds(20), () -> progress.settled.get() == 500);
            Eventually.await(
                    "drained", Duration.ofSeconds(20), () -> saw(BrokerEvent.SpoolDrained.class));
            broker.afterSave().run();
            try (Stream<Path> files = Files.list(folder.resolve("shard-3-of-8"))) {
                assertEquals(0, files.count());
            }
            assertTrue(broker.close(Duration.ofSeconds(5)));
        }
    }

    @Test
    void publishesEventsOfAnotherShardCountWithoutResume() throws Exception {
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 8)) {
            Broker broker = broker();
            PublishingLane lane = broker.lane(SHARD, new Progress(), spools);
            proxy.refuse();
            proxy.reset();
            publish(lane, 0, 1, 500);
            broker.close(Duration.ZERO);
        }
        try (SpoolDirectory spools = SpoolDirectory.open(folder, PLENTY, 16)) {
            assertTrue(spools.lastEvents().isEmpty());
            proxy.accept();
            Broker broker = broker();
            broker.lane(SHARD, new Progress(), spools);
            broker.replayOthers(spools, 0, 15);
            arrivals.assertComplete(SHARD, 500, "");
            assertTrue(broker.close(Duration.ofSeconds(5)));
        }
    }

    @Test
    void fullDiskRaisesAlarmAndEventsWaitInMemory() throws Exception {
        Progress progress = new Progress();
        try (SpoolDirectory spools = SpoolDirectory.open(folder, 300_000, 8)) {
            Broker broker = broker();
            PublishingLane lane = broker.lane(SHARD, progress, spools);
            proxy.refuse();
            proxy.reset();
            Thread dispatch =
                    Thread.startVirtualThread(() -> {
                        try {
                            publish(lane, 0, 1, 2_000);
                        } catch (Exception unexpected) {
                            throw new AssertionError(unexpected);
                        }
                    });
            Eventually.await(
                    "alarm", Duration.ofSeconds(10), () -> saw(BrokerEvent.SpoolFailed.class));
            assertEquals(1, broker.spoolStats().orElseThrow().failing());
            assertTrue(progress.spooled.get() < 1_000);
            assertTrue(dispatch.isAlive());
            proxy.accept();
            arrivals.assertComplete(SHARD, 2_000, "");
            Eventually.await(
                    "settled", Duration.ofSeconds(10), () -> progress.settled.get() == 2_000);
            assertEquals(0, broker.spoolStats().orElseThrow().failing());
            assertTrue(broker.close(Duration.ofSeconds(5)));
        }
    }

    @Test
    void onlyOneProcessMayUseDirectory() throws Exception {
        try (SpoolDirectory first = SpoolDirectory.open(folder, PLENTY, 8)) {
            assertTrue(first.lastEvents().isEmpty());
            IOException refused =
                    assertThrows(IOException.class, () -> SpoolDirectory.open(folder, PLENTY, 8));
            assertTrue(refused.getMessage().contains("another process"), refused.getMessage());
        }
        SpoolDirectory.open(folder, PLENTY, 8).close();
    }
}
