package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.outbound.OutboundQueue;
import loom.dispatch.gateway.protocol.Opcode;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends commands through a gateway that is connected to the simulator over real sockets. */
final class CommandScenarioTest {
    private static final int SHARDS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PRESENCE = Opcode.PRESENCE_UPDATE;
    private static final String SOUNDS = "{\"op\":31,\"d\":{\"guild_ids\":[]}}";
    private static final String IDLE =
            "{\"op\":3,\"d\":{\"since\":1,\"activities\":[{\"name\":\"x\",\"type\":2}],"
                    + "\"status\":\"idle\",\"afk\":true}}";

    /** 61 s hold 61 of these heartbeats and one message is reserved: commands may use 58 of 120. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private static final int SHARE = 58;

    private final Map<String, Throwable> threadFailures = new ConcurrentHashMap<>();
    private final SupervisedThreads threads =
            new SupervisedThreads(
                    failure -> threadFailures.put(failure.threadName(), failure.cause()));
    private Simulator simulator;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        SimulatorConfig simulated =
                SimulatorConfig.standard()
                        .withShards(SHARDS)
                        .withIdentifyInterval(Duration.ofMillis(100))
                        .withHeartbeatInterval(HEARTBEAT);
        simulator = Simulator.start(simulated);
        var config =
                new GatewayConfig(
                        new BotToken(simulated.token()),
                        simulator.gatewayUri(),
                        0,
                        SHARDS - 1,
                        SHARDS,
                        simulated.maxConcurrency(),
                        Duration.ofMillis(120),
                        53575421 | 1 << 1,
                        250,
                        new Presence("online", 0, "shard {{shard}}"),
                        Compression.ZLIB_STREAM,
                        64_000_000,
                        64_000_000);
        gateway =
                new Gateway(
                        config,
                        Map.of(),
                        Map.of(),
                        IdentifyBudget.unlimited(),
                        (_, _) -> {},
                        threads);
    }

    @AfterEach
    void stop() throws Exception {
        gateway.drain(Duration.ofSeconds(5));
        simulator.close();
        assertEquals(Map.of(), threadFailures);
    }

    private void startReady() throws InterruptedException {
        gateway.start(
                (shard, batch) -> batch.forEach(event -> gateway.settled(shard, event.position())));
        Eventually.await("all shards ready", this::allReady);
    }

    private boolean allReady() {
        return gateway.snapshots().stream()
                .allMatch(shard -> shard.status() == ShardSnapshot.Status.CONNECTED);
    }

    private CompletableFuture<SendOutcome> send(int shard, String frame, int priority) {
        return send(shard, frame, priority, Optional.empty());
    }

    private CompletableFuture<SendOutcome> send(
            int shard, String frame, int priority, Optional<Duration> expires) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        return gateway.send(new OutboundFrame(shard, bytes, priority, expires))
                .toCompletableFuture();
    }

    private static SendOutcome outcome(CompletableFuture<SendOutcome> of) throws Exception {
        return of.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ClientActionRecorder.Connection latest(int shard) {
        return simulator.recorder().connections(shard).getLast();
    }

    private long sounds(int shard) {
        return latest(shard).frames(31).size();
    }

    @Test
    void commandWaitsForReadyAndCompletesWhenSent() throws Exception {
        var early = send(0, SOUNDS, 0);
        startReady();
        assertEquals(new SendOutcome.Sent(), outcome(early));
        Eventually.await("it arrives", () -> sounds(0) == 1);
        List<Integer> ops =
                latest(0).frames().stream().map(ClientActionRecorder.Frame::op).toList();
        assertTrue(ops.indexOf(Opcode.IDENTIFY) < ops.indexOf(31), ops::toString);
        assertEquals(0, gateway.waitingFrames());
    }

    @Test
    void burstKeepsItsShareAndDelaysNeitherHeartbeatsNorOtherShards() throws Exception {
        startReady();
        List<CompletableFuture<SendOutcome>> burst = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            burst.add(send(0, SOUNDS, 0));
        }
        assertEquals(new SendOutcome.Sent(), outcome(send(1, SOUNDS, 0)));
        // IDENTIFY and one or two heartbeats are counted too
        Eventually.await("the share is used", () -> sounds(0) >= SHARE - 3);
        long beats = latest(0).frames(Opcode.HEARTBEAT).size();
        Eventually.await(
                "heartbeats", () -> latest(0).frames(Opcode.HEARTBEAT).size() >= beats + 3);
        assertTrue(sounds(0) <= SHARE, () -> "sent " + sounds(0));
        assertTrue(latest(0).longestHeartbeatGap() < 1.4, "a heartbeat was late");
        assertEquals(1, simulator.recorder().connections(0).size(), "it was not closed");
        long sent = burst.stream().filter(CompletableFuture::isDone).count();
        assertTrue(sent <= SHARE, () -> "answered as sent: " + sent);
        assertTrue(gateway.waitingFrames() >= 500 - SHARE);
    }

    @Test
    void higherPriorityIsSentFirstAndEqualPriorityInOrder() throws Exception {
        List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
        for (String priorityAndName : List.of("0a", "0b", "5c", "9d", "5e")) {
            all.add(
                    send(
                            0,
                            "{\"op\":43,\"d\":{\"guild_id\":\"1\",\"fields\":[],\"name\":\""
                                    + priorityAndName
                                    + "\"}}",
                            priorityAndName.charAt(0) - '0'));
        }
        startReady();
        for (var each : all) {
            assertEquals(new SendOutcome.Sent(), outcome(each));
        }
        Eventually.await("all arrive", () -> latest(0).frames(43).size() == 5);
        assertEquals(
                List.of("9d", "5c", "5e", "0a", "0b"),
                latest(0).frames(43).stream()
                        .map(frame -> ((Map<?, ?>) frame.payload().get("d")).get("name"))
                        .toList());
    }

    @Test
    void presenceOfCommandSurvivesResumeAndIdentify() throws Exception {
        startReady();
        assertEquals(
                "[{name=shard 0, type=0}]",
                presence(latest(0).frames(Opcode.IDENTIFY)).get("activities").toString());
        assertEquals(new SendOutcome.Sent(), outcome(send(0, IDLE, 0)));
        Eventually.await("it arrives", () -> latest(0).frames(PRESENCE).size() == 1);
        simulator.faults().close(shard -> shard == 0, 4000);
        Eventually.await(
                "resumed", () -> simulator.recorder().count(Opcode.RESUME) == 1 && allReady());
        simulator.faults().invalidate(shard -> shard == 0, false);
        Eventually.await(
                "identified", () -> simulator.recorder().count(Opcode.IDENTIFY) == SHARDS + 1);
        Map<?, ?> shown = presence(latest(0).frames(Opcode.IDENTIFY));
        assertEquals("idle", shown.get("status"));
        assertEquals("[{name=x, type=2}]", shown.get("activities").toString());
        Eventually.await("ready again", this::allReady);
    }

    private static Map<?, ?> presence(List<ClientActionRecorder.Frame> identify) {
        return (Map<?, ?>) ((Map<?, ?>) identify.getFirst().payload().get("d")).get("presence");
    }

    @Test
    void presencesStayBelowFiveInTwentySecondsAndLatestIsSent() throws Exception {
        startReady();
        List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(send(0, IDLE.replace("\"x\"", "\"" + i + "\""), 0));
        }
        // waiting presences let other frames pass
        assertEquals(new SendOutcome.Sent(), outcome(send(0, SOUNDS, 0)));
        assertTrue(latest(0).frames(PRESENCE).size() <= OutboundQueue.PRESENCES);
        assertTrue(gateway.waitingFrames() <= 20);
        var hurried = send(0, IDLE, 0, Optional.of(Duration.ofSeconds(2)));
        while (latest(0).frames(PRESENCE).size() < OutboundQueue.PRESENCES) {
            all.add(send(0, IDLE, 0));
            LockSupport.parkNanos(20_000_000);
            assertTrue(latest(0).frames(PRESENCE).size() <= OutboundQueue.PRESENCES);
        }
        assertFalse(outcome(hurried) instanceof SendOutcome.NotConnected);
    }

    @Test
    void allMembersOfGuildAreRequestedOnceInThirtySecondsAndOutcomeNamesWait() throws Exception {
        startReady();
        String guild = simulator.world().guildIds().getFirst();
        int shard = (int) ((Long.parseUnsignedLong(guild) >>> 22) % SHARDS);
        assertEquals(new SendOutcome.Sent(), outcome(send(shard, members(guild, "a"), 0)));
        var delayed = send(shard, members(guild, "b"), 0);
        var hurried = send(shard, members(guild, "c"), 0, Optional.of(Duration.ofSeconds(5)));
        var limited = assertInstanceOf(SendOutcome.RateLimited.class, outcome(hurried));
        assertTrue(limited.after().toSeconds() >= 28, limited::toString);
        String prefix = members(guild, "d").replace("\"limit\":0", "\"limit\":5");
        assertEquals(new SendOutcome.Sent(), outcome(send(shard, prefix, 0)), "no full list");
        assertFalse(delayed.isDone(), "it is delayed");
        Eventually.await("both arrived", () -> latest(shard).frames(8).size() == 2);
    }

    private static String members(String guild, String nonce) {
        return "{\"op\":8,\"d\":{\"guild_id\":\"%s\",\"query\":\"\",\"limit\":0,\"nonce\":\"%s\"}}"
                .formatted(guild, nonce);
    }

    @Test
    void rateLimitedRequestIsSentAgainAfterRetryAfter() throws Exception {
        startReady();
        String guild = simulator.world().guildIds().getFirst();
        int shard = (int) ((Long.parseUnsignedLong(guild) >>> 22) % SHARDS);
        assertEquals(new SendOutcome.Sent(), outcome(send(shard, members(guild, "a"), 0)));
        String refusal =
                "{\"opcode\":8,\"retry_after\":0.3,\"meta\":{\"guild_id\":\"%s\",\"nonce\":\"a\"}}"
                        .formatted(guild);
        Eventually.await("it arrived", () -> latest(shard).frames(8).size() == 1);
        simulator.events().emitRaw(shard, "RATE_LIMITED", refusal.getBytes(StandardCharsets.UTF_8));
        Eventually.await("it comes again", () -> latest(shard).frames(8).size() == 2);
        List<ClientActionRecorder.Frame> both = latest(shard).frames(8);
        assertEquals(both.get(0).payload(), both.get(1).payload());
        assertTrue(both.get(1).nanos() - both.get(0).nanos() >= 300_000_000);
    }

    @Test
    void reconnectCommandResumesAndNeverStopsShard() throws Exception {
        startReady();
        for (int round = 1; round <= 3; round++) {
            int resumes = round;
            assertEquals(
                    new SendOutcome.Sent(), outcome(gateway.reconnect(1).toCompletableFuture()));
            Eventually.await(
                    "resumed",
                    () -> simulator.recorder().count(Opcode.RESUME) == resumes && allReady());
        }
        assertEquals(SHARDS, simulator.recorder().count(Opcode.IDENTIFY));
        assertEquals(1, simulator.recorder().connections(0).size(), "the other one stays");
        assertEquals(
                CloseReason.COMMANDED.code(),
                simulator.recorder().connections(1).getFirst().clientCloseCode());
    }

    @Test
    void commandsSurviveBrokenConnections() throws Exception {
        startReady();
        List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 10; i++) {
                all.add(send(0, SOUNDS, 0));
            }
            simulator.faults().reset(shard -> shard == 0);
        }
        for (var each : all) {
            assertEquals(new SendOutcome.Sent(), outcome(each));
        }
        assertEquals(SHARDS, simulator.recorder().count(Opcode.IDENTIFY));
    }

    @Test
    void refusedShardAnswersNotConnected() throws Exception {
        startReady();
        simulator.faults().closeOnResume(4010);
        simulator.faults().close(shard -> shard == 0, 4000);
        assertEquals(new SendOutcome.NotConnected(), outcome(sendUntilRefused()));
        assertEquals(
                new SendOutcome.NotConnected(),
                outcome(gateway.reconnect(0).toCompletableFuture()));
        assertEquals(new SendOutcome.Sent(), outcome(send(1, SOUNDS, 0)));
    }

    private CompletableFuture<SendOutcome> sendUntilRefused() throws Exception {
        var last = send(0, SOUNDS, 0);
        while (outcome(last) instanceof SendOutcome.Sent) {
            last = send(0, SOUNDS, 0);
        }
        return last;
    }

    @Test
    void drainCompletesNoCommandSoThatNextProcessGetsIt() throws Exception {
        startReady();
        List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(send(0, SOUNDS, 0));
        }
        assertTrue(gateway.drain(PATIENCE));
        all.add(send(0, SOUNDS, 0));
        all.add(gateway.reconnect(0).toCompletableFuture());
        List<SendOutcome> ended =
                all.stream()
                        .filter(CompletableFuture::isDone)
                        .map(CompletableFuture::join)
                        .toList();
        assertTrue(ended.size() <= SHARE, ended::toString);
        assertTrue(ended.stream().allMatch(SendOutcome.Sent.class::isInstance), ended::toString);
    }

    @Test
    void burstOfHeartbeatRequestsStaysWithinLimit() throws Exception {
        startReady();
        long end = System.nanoTime() + 3 * HEARTBEAT.toNanos();
        int requests = 0;
        while (System.nanoTime() < end) {
            simulator.faults().requestHeartbeat(shard -> shard == 0);
            requests++;
            LockSupport.parkNanos(10_000_000);
        }
        int asked = requests;
        assertTrue(asked > SHARE, () -> "only " + asked + " requests");
        int beats = latest(0).frames(Opcode.HEARTBEAT).size();
        assertTrue(beats >= SHARE - 3 && beats <= SHARE + 5, () -> "heartbeats: " + beats);
        assertTrue(latest(0).longestHeartbeatGap() < 1.4, "a heartbeat was late");
        assertEquals(1, simulator.recorder().connections(0).size(), "it was not closed");
    }
}
