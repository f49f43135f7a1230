package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.machine.TestTimeouts;
import loom.dispatch.gateway.protocol.Opcode;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.Faults;
import loom.dispatch.simulator.LedgerCheck;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Runs a gateway and the simulator over real sockets, and offers waits and assertions.
 *
 * <p>Pauses are short. Deadlines and heartbeats are Discord's own, so that a busy machine only
 * slows a test down. Tests of deadlines or heartbeats shorten just those, by {@link #timing} and
 * {@link #heartbeatInterval}. {@link #close} fails the test if a shard's thread died.
 */
final class GatewayTestSetup implements AutoCloseable {
    /** More than the 30 s after which a shard at the latest closes a dead connection. */
    static final Duration PATIENCE = Duration.ofSeconds(45);

    /** A heartbeat interval for tests of heartbeats. */
    static final Duration SHORT_HEARTBEAT = Duration.ofMillis(300);

    /**
     * The delay of an IDENTIFY on a busy machine: two of them may arrive closer together than they
     * were sent.
     */
    private static final Duration LATE = Duration.ofMillis(100);

    private final SimulatorConfig simulated;
    private final Simulator simulator;
    private final LedgerCheck check;
    private final Queue<String> notices = new ConcurrentLinkedQueue<>();
    private final Map<String, Throwable> threadFailures = new ConcurrentHashMap<>();
    private final SupervisedThreads threads =
            new SupervisedThreads(
                    failure -> threadFailures.put(failure.threadName(), failure.cause()));
    private final Queue<DispatchEvent> delivered = new ConcurrentLinkedQueue<>();
    private Compression compression = Compression.ZLIB_STREAM;
    private ShardTimeouts timing = TestTimeouts.CALM;
    private Duration patience = PATIENCE;
    private long backlogBytes = 64_000_000;
    // all intents that need no approval
    private int intents = 53575421;
    private Gateway gateway;
    // The last position of each shard that was delivered and not confirmed.
    private final Map<Integer, Long> unconfirmed = new ConcurrentHashMap<>();
    private volatile boolean confirming = true;
    private int connectionsBefore;
    private volatile int heldShard = -1;
    private final CountDownLatch held = new CountDownLatch(1);

    private GatewayTestSetup(SimulatorConfig simulated) {
        this.simulated = simulated;
        try {
            simulator = Simulator.start(simulated);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        check = new LedgerCheck(simulator.ledger());
    }

    /** Returns a simulator with short IDENTIFY intervals and a long replay. */
    static SimulatorConfig discord(int shards) {
        return SimulatorConfig.standard()
                .withShards(shards)
                .withIdentifyInterval(Duration.ofMillis(20))
                .withIdentifyRefusalDelay(Duration.ofMillis(20))
                .withReplayEvents(50_000);
    }

    /**
     * Starts the simulator for a gateway with this number of shards. The gateway is not started.
     */
    static GatewayTestSetup of(int shards) {
        return new GatewayTestSetup(discord(shards));
    }

    static GatewayTestSetup of(SimulatorConfig simulated) {
        return new GatewayTestSetup(simulated);
    }

    GatewayTestSetup compression(Compression value) {
        compression = value;
        return this;
    }

    GatewayTestSetup timing(ShardTimeouts value) {
        timing = value;
        return this;
    }

    /** Sets the longest wait for expected events; {@link #PATIENCE} by default. */
    GatewayTestSetup patience(Duration value) {
        patience = value;
        return this;
    }

    GatewayTestSetup backlogBytes(long value) {
        backlogBytes = value;
        return this;
    }

    GatewayTestSetup withGuildMembers() {
        intents |= 1 << 1;
        return this;
    }

    Simulator simulator() {
        return simulator;
    }

    Faults faults() {
        return simulator.faults();
    }

    ClientActionRecorder recorder() {
        return simulator.recorder();
    }

    LedgerCheck check() {
        return check;
    }

    Gateway gateway() {
        return gateway;
    }

    SupervisedThreads threads() {
        return threads;
    }

    int shards() {
        return simulated.shards();
    }

    /** Starts the gateway without sessions to resume. */
    GatewayTestSetup start() {
        return startFrom(Map.of());
    }

    /** Starts the gateway, or a further one after an earlier one. */
    GatewayTestSetup startFrom(Map<Integer, Checkpoint> checkpoints) {
        Gateway running =
                new Gateway(
                        config(),
                        checkpoints,
                        Map.of(),
                        IdentifyBudget.unlimited(),
                        listener(),
                        threads,
                        timing);
        gateway = running;
        unconfirmed.clear();
        running.start((shard, batch) -> deliver(running, shard, batch));
        return this;
    }

    GatewayTestSetup startReady() throws InterruptedException {
        start();
        await("all shards ready", this::allReady);
        connectionsBefore = recorder().connections().size() - shards();
        return this;
    }

    /**
     * Sets the heartbeat interval from now on. It first applies to a resumed session, so that a
     * late heartbeat on a busy machine costs a connection and no IDENTIFY.
     */
    GatewayTestSetup heartbeatInterval(Duration interval) throws InterruptedException {
        faults().helloInterval(interval.toMillis());
        faults().requestReconnect(_ -> true);
        awaitResumed(1);
        notices.clear();
        connectionsBefore = recorder().connections().size() - shards();
        return this;
    }

    GatewayConfig config() {
        return new GatewayConfig(
                new BotToken(simulated.token()),
                simulator.gatewayUri(),
                0,
                simulated.shards() - 1,
                simulated.shards(),
                simulated.maxConcurrency(),
                simulated.identifyInterval().plus(LATE),
                intents,
                250,
                new Presence("online", 0, "shard {{shard}}"),
                compression,
                backlogBytes,
                backlogBytes);
    }

    GatewayListener listener() {
        return (shard, notice) -> {
            notices.add(shard + " " + notice);
            if (shard == heldShard) {
                awaitUninterrupted(held);
            }
        };
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes the shard's thread hang at its next lifecycle event, once, until {@link #letGo}. */
    void hold(int shard) {
        heldShard = shard;
    }

    void letGo() {
        heldShard = -1;
        held.countDown();
    }

    private void deliver(Gateway running, int shard, List<DispatchEvent> batch) {
        for (DispatchEvent event : batch) {
            delivered.add(event);
            check.received(shard, event.messageId(), event.type(), event.data(), System.nanoTime());
        }
        if (!batch.isEmpty()) {
            unconfirmed.put(shard, batch.getLast().position());
            if (confirming) {
                confirm(running);
            }
        }
    }

    /** Simulates RabbitMQ that accepts events and confirms nothing. */
    void holdConfirms() {
        confirming = false;
    }

    /** Confirms all delivered events, and further ones from now on. */
    void confirmAll() {
        confirming = true;
        confirm(gateway);
    }

    private void confirm(Gateway running) {
        unconfirmed
                .keySet()
                .forEach(shard -> {
                    Long position = unconfirmed.remove(shard);
                    if (position != null) {
                        running.settled(shard, position);
                    }
                });
    }

    /** Waits while something must not happen. */
    void awaitPassing(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        await(time + " pass", () -> System.nanoTime() > end);
    }

    <E extends Exception> void await(String expected, Eventually.Condition<E> condition) throws E {
        Eventually.await(expected, patience, this::newest, condition);
    }

    private String newest() {
        List<String> all = notices();
        return String.join("\n", all.subList(Math.max(0, all.size() - 30), all.size()));
    }

    boolean allReady() {
        return gateway.snapshots().stream()
                .allMatch(shard -> shard.status() == ShardSnapshot.Status.CONNECTED);
    }

    boolean allStopped() {
        return count("Refused[") == shards();
    }

    long identifies() {
        return recorder().count(Opcode.IDENTIFY);
    }

    long resumes() {
        return recorder().count(Opcode.RESUME);
    }

    long heartbeats() {
        return recorder().count(Opcode.HEARTBEAT);
    }

    /** Returns how often the gateway closed a connection with this code. */
    long closesWith(CloseReason reason) {
        return recorder().connections().stream()
                .filter(open -> open.clientCloseCode() == reason.code())
                .count();
    }

    /** Returns the number of lifecycle events whose text contains this. */
    long count(String part) {
        return notices.stream().filter(notice -> notice.contains(part)).count();
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    /** Returns the events that the sink received, in order of arrival. */
    List<DispatchEvent> delivered() {
        return List.copyOf(delivered);
    }

    /** Returns whether no thread of a shard has died. */
    boolean lives() {
        assertEquals(Map.of(), threadFailures);
        return true;
    }

    /**
     * Returns whether the sink received an event of this type. Forgets all events received before.
     */
    boolean tookLatest(String type) {
        return Stream.generate(delivered::poll)
                .takeWhile(Objects::nonNull)
                .anyMatch(next -> next.type().equals(type));
    }

    /** Returns the number of events of this type that the sink received. */
    long delivered(String type) {
        return delivered.stream().filter(event -> event.type().equals(type)).count();
    }

    /** Waits until every shard was resumed this number of times and is ready. */
    void awaitResumed(int times) throws InterruptedException {
        long wanted = (long) times * shards();
        await("resumes " + wanted, () -> count("Resumed[") >= wanted && allReady());
    }

    /** Asserts that every dispatched event arrives once and in order. */
    void assertNothingLost() throws InterruptedException {
        LedgerCheck.Report report = assertKept();
        assertEquals(0, report.repeated(), report::toString);
    }

    /** Asserts that every dispatched event arrives in order. Events may repeat. */
    LedgerCheck.Report assertKept() throws InterruptedException {
        simulator.events().pause();
        LedgerCheck.Report report = check.awaitComplete(patience);
        assertTrue(report.kept(), () -> report + System.lineSeparator() + newest());
        assertTrue(report.received() >= shards(), report::toString);
        return report;
    }

    /** Asserts that every shard kept its first session. */
    void assertNoFurtherIdentify() {
        assertEquals(shards(), identifies(), () -> "identifies, " + newest());
    }

    /** Asserts that every shard kept its connection since it was ready. */
    void assertNoFurtherConnection() {
        assertEquals(
                shards(),
                recorder().connections().size() - connectionsBefore,
                () -> "connections, " + newest());
    }

    @Override
    public void close() {
        try {
            if (gateway != null) {
                gateway.drain(Duration.ofSeconds(5));
            }
            simulator.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
        assertEquals(Map.of(), threadFailures);
    }
}
