package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.LedgerCheck;
import loom.dispatch.simulator.Recorder;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * The gateway against the fake Discord on real sockets: one fault a test, held against the ledger.
 */
final class GatewayScenarioTest {
    private static final int SHARDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final SimulatorConfig simulated =
            SimulatorConfig.standard()
                    .withShards(SHARDS)
                    .withIdentifyInterval(Duration.ofMillis(100))
                    .withHeartbeatInterval(Duration.ofMillis(400))
                    .withReplayEvents(50_000);
    private final Simulator simulator = start(simulated);
    private final LedgerCheck check = new LedgerCheck(simulator.ledger());
    private final LinkedBlockingQueue<String> notices = new LinkedBlockingQueue<>();
    private final Map<Integer, Throwable> deaths = new ConcurrentHashMap<>();
    private final AtomicBoolean settling = new AtomicBoolean(true);
    private final Map<Integer, Long> unsettled = new ConcurrentHashMap<>();
    private Gateway gateway = gateway(Map.of(), 64_000_000);

    private static Simulator start(SimulatorConfig config) {
        try {
            return Simulator.start(config);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private Gateway gateway(Map<Integer, Checkpoint> checkpoints, long backlogBytes) {
        return gateway(checkpoints, backlogBytes, Compression.ZLIB_STREAM);
    }

    private Gateway gateway(
            Map<Integer, Checkpoint> checkpoints, long backlogBytes, Compression compression) {
        var config =
                new GatewayConfig(
                        new Token(simulated.token()),
                        simulator.gatewayUri(),
                        0,
                        SHARDS - 1,
                        SHARDS,
                        simulated.maxConcurrency(),
                        Duration.ofMillis(120),
                        53575421,
                        250,
                        new Presence("online", 0, "shard {{shard}}"),
                        compression,
                        backlogBytes,
                        backlogBytes);
        var listener =
                new GatewayListener() {
                    @Override
                    public void notice(int shard, ShardNotice notice) {
                        notices.add(shard + " " + notice);
                    }

                    @Override
                    public void died(int shard, Throwable cause) {
                        deaths.put(shard, cause);
                    }
                };
        return new Gateway(config, checkpoints, Map.of(), IdentifyBudget.unlimited(), listener);
    }

    private void startGateway() {
        Gateway running = gateway;
        running.start((shard, batch) -> deliver(running, shard, batch));
    }

    private void deliver(Gateway running, int shard, List<DispatchEvent> batch) {
        for (DispatchEvent event : batch) {
            check.received(shard, event.messageId(), event.type(), event.data(), System.nanoTime());
        }
        if (batch.isEmpty()) {
            return;
        }
        long position = batch.getLast().position();
        if (settling.get()) {
            running.settled(shard, position);
        } else {
            unsettled.put(shard, position);
        }
    }

    @AfterEach
    void stop() throws Exception {
        gateway.drain(Duration.ofSeconds(5));
        simulator.close();
        assertEquals(Map.of(), deaths);
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not in time: " + what);
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    private boolean allReady() {
        return gateway.snapshots().stream()
                .allMatch(shard -> shard.status() == ShardSnapshot.Status.CONNECTED);
    }

    private void startReady() throws InterruptedException {
        startGateway();
        await("all shards ready", this::allReady);
    }

    /** Everything that happened arrived, once, in order. */
    private void assertNothingLost() throws InterruptedException {
        simulator.events().pause();
        LedgerCheck.Report report = check.awaitComplete(PATIENCE);
        assertTrue(report.kept(), report::toString);
        assertEquals(0, report.repeated(), report::toString);
        assertTrue(report.received() > SHARDS * 3, report::toString);
    }

    private long identifies() {
        return simulator.recorder().count(Opcode.IDENTIFY);
    }

    @Test
    void everyEventArrivesOnceAndInOrder() throws Exception {
        simulator.events().rate(3000);
        startReady();
        await("3,000 events", () -> check.report().received() > 3000);
        assertNothingLost();
        assertEquals(SHARDS, identifies());
    }

    @Test
    void aLostConnectionIsResumedOnItsOwnUrlAndLosesNothing() throws Exception {
        startReady();
        simulator.events().rate(2000);
        for (int round = 1; round <= 4; round++) {
            long wanted = round * (long) SHARDS;
            if (round % 2 == 0) {
                simulator.faults().reset(_ -> true);
            } else {
                simulator.faults().close(_ -> true, 4000);
            }
            await(
                    "resumes " + wanted,
                    () -> simulator.recorder().count(Opcode.RESUME) >= wanted && allReady());
        }
        assertNothingLost();
        assertEquals(SHARDS, identifies());
    }

    @Test
    void op7ToAllIsResumedWithoutAnIdentify() throws Exception {
        startReady();
        simulator.events().rate(1000);
        simulator.faults().requestReconnect(_ -> true);
        await("resumes", () -> simulator.recorder().count(Opcode.RESUME) == SHARDS && allReady());
        assertNothingLost();
        assertEquals(SHARDS, identifies());
    }

    @Test
    void aResumeUrlThatRefusesIsLeftForTheMainUrlAndTheSessionIsKept() throws Exception {
        startReady();
        simulator.faults().refuseResumeUrl(true);
        simulator.faults().close(_ -> true, 4000);
        await("resumes", () -> simulator.recorder().count(Opcode.RESUME) == SHARDS && allReady());
        assertNothingLost();
        assertEquals(SHARDS, identifies());
    }

    @Test
    void aLostSessionIsFollowedByAGapAndANewOne() throws Exception {
        startReady();
        simulator.faults().invalidate(shard -> shard == 1, false);
        await("a new session", () -> identifies() == SHARDS + 1 && allReady());
        await("the gap is told", () -> check.report().gaps() == 1);
        simulator.events().rate(500);
        await("events", () -> check.report().received() > 200);
        assertNothingLost();
    }

    @Test
    void aSilentConnectionIsAZombieAndResumed() throws Exception {
        startReady();
        simulator.faults().acknowledge(false);
        await(
                "zombies left",
                () ->
                        simulator.recorder().connections().stream()
                                        .filter(open ->
                                                open.clientCloseCode() == Goodbye.ZOMBIE.code())
                                        .count()
                                >= SHARDS);
        simulator.faults().acknowledge(true);
        await("ready again", this::allReady);
        assertNothingLost();
        assertEquals(SHARDS, identifies());
    }

    @Test
    void aFullBacklogStopsTheSocketAndNeitherHeartbeatsNorEventsAreLost() throws Exception {
        gateway = gateway(Map.of(), 200_000);
        startReady();
        settling.set(false);
        simulator.events().rate(4000);
        await(
                "the shards withhold demand",
                () -> gateway.snapshots().stream().allMatch(ShardSnapshot::withholding));
        long heartbeats = simulator.recorder().count(Opcode.HEARTBEAT);
        await(
                "heartbeats go on",
                () -> simulator.recorder().count(Opcode.HEARTBEAT) > heartbeats + 6 * SHARDS);
        assertTrue(
                gateway.backlogBytes() < 200_000 + SHARDS * 2_000_000L,
                "bounded, but " + gateway.backlogBytes());
        simulator.events().pause();
        settling.set(true);
        unsettled.forEach(gateway::settled);
        assertNothingLost();
        assertEquals(SHARDS, identifies());
    }

    @Test
    void aDrainLeavesCheckpointsFromWhichANewProcessLosesAndRepeatsNothing() throws Exception {
        startReady();
        simulator.events().rate(2000);
        for (int restart = 0; restart < 3; restart++) {
            long before = check.report().received();
            await("events", () -> check.report().received() > before + 500);
            assertTrue(gateway.drain(PATIENCE));
            assertTrue(gateway.snapshots().stream().allMatch(at -> at.unsettledEvents() == 0));
            gateway = gateway(new HashMap<>(gateway.checkpoints()), 64_000_000);
            startReady();
        }
        assertNothingLost();
        assertEquals(SHARDS, identifies());
        for (Recorder.Connection connection : simulator.recorder().connections()) {
            assertTrue(connection.clientCloseCode() != 1000, "a drain keeps the session");
        }
    }

    @Test
    void aTokenThatIsRefusedStopsTheShardAndNeverLoops() throws Exception {
        startReady();
        simulator.faults().close(_ -> true, 4004);
        await(
                "all stopped",
                () ->
                        notices.stream().filter(notice -> notice.contains("Refused[")).count()
                                == SHARDS);
        assertEquals(SHARDS, identifies());
        assertEquals(SHARDS, gateway.checkpoints().size(), "the checkpoints are kept");
    }

    @Test
    void theUrlAsksForVersionEncodingAndCompression() throws Exception {
        URI url = GatewayUrl.of(URI.create("wss://gateway.discord.gg"), Compression.NONE);
        assertEquals("wss://gateway.discord.gg/?v=10&encoding=json", url.toString());
        assertEquals(
                "ws://h:1/x?v=10&encoding=json&compress=zlib-stream",
                GatewayUrl.of(URI.create("ws://h:1/x"), Compression.ZLIB_STREAM).toString());
        startReady();
        assertTrue(simulator.recorder().connections().getFirst().query().contains("zlib-stream"));
    }

    @Test
    void uncompressedEventsArriveTooAcrossAResume() throws Exception {
        gateway = gateway(Map.of(), 64_000_000, Compression.NONE);
        startReady();
        simulator.events().rate(500);
        await("events", () -> check.report().received() > 300);
        simulator.faults().close(_ -> true, 4000);
        await("resumes", () -> simulator.recorder().count(Opcode.RESUME) == SHARDS && allReady());
        assertNothingLost();
        assertTrue(
                simulator.recorder().connections().stream()
                        .noneMatch(open -> open.query().contains("compress")));
    }
}
