package loom.dispatch.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.IdentifyRules;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The budget of IDENTIFYs, shared by processes, against the fake Discord and a real Redis. */
final class SharedIdentifyBudgetTest {
    private static final Duration INTERVAL = Duration.ofMillis(400);

    /** The opcode; the recorder also counts those that are answered by op 9. */
    private static final int IDENTIFY = 2;

    private static SimulatorConfig discord(int shards, int concurrency) {
        return SimulatorConfig.standard()
                .withShards(shards)
                .withMaxConcurrency(concurrency)
                .withIdentifyInterval(INTERVAL)
                .withIdentifyRefusalDelay(Duration.ZERO)
                .withHeartbeatInterval(Duration.ofSeconds(2));
    }

    /** As the service's, but with a hold and pauses of a loop that a test can sit out. */
    private static IdentifyRules terms(int freeLoops, Duration firstPause) {
        // two IDENTIFYs arrive closer together than they left, by what a busy machine delays one
        IdentifyRules standard = IdentifyRules.standard(INTERVAL.plusMillis(150));
        return new IdentifyRules(
                standard.interval(),
                standard.interval().plusSeconds(2),
                standard.fresh(),
                standard.reservePart(),
                standard.leastReserve(),
                standard.slowReserves(),
                freeLoops,
                firstPause,
                firstPause.multipliedBy(1L << 10),
                firstPause.multipliedBy(1L << 11));
    }

    private static IdentifyRules patient() {
        return terms(100, Duration.ofSeconds(1));
    }

    @Test
    void twoProcessesThatIdentifyAtOnceKeepTheDistanceOfEveryKey() throws Exception {
        try (var rig = new LeaseTestSetup(discord(12, 2))) {
            // both use both keys: shards 0 to 5 and 6 to 11
            var one = rig.new Process(0, 5, patient(), Map.of());
            var other = rig.new Process(6, 11, patient(), Map.of());
            one.start();
            other.start();
            Eventually.await("all ready", () -> one.allReady() && other.allReady());
            List<ClientActionRecorder.Identify> identifies = rig.simulator.recorder().identifies();
            assertEquals(12, identifies.size());
            assertTrue(
                    identifies.stream().allMatch(ClientActionRecorder.Identify::accepted),
                    "none too soon");
            Map<Integer, Long> last = new HashMap<>();
            for (ClientActionRecorder.Identify identify : identifies) {
                Long before = last.put(identify.key(), identify.nanos());
                assertTrue(before == null || identify.nanos() - before >= INTERVAL.toNanos());
            }
        }
    }

    @Test
    void whatIsLeftIsSharedAndTheReserveSurvivesProcessesAndRestarts() throws Exception {
        // 100 a day, so the reserve is 10; 14 left and no time to spread them over
        SimulatorConfig few =
                discord(8, 8)
                        .withStartsTotal(100)
                        .withStartsRemaining(14)
                        .withStartsResetAfter(Duration.ZERO);
        try (var rig = new LeaseTestSetup(few)) {
            var one = rig.new Process(0, 3, patient(), Map.of()).start();
            Eventually.await("four spent", one::allReady);
            var other = rig.new Process(4, 7, patient(), Map.of()).start();
            Eventually.await("it says why", () -> other.identifies.waiting().isPresent());
            assertEquals(
                    "only the reserve of IDENTIFYs is left (10 left)",
                    other.identifies.waiting().orElseThrow());
            assertEquals(4, rig.simulator.recorder().identifies().size());
            assertEquals(10, other.identifies.standing().orElseThrow().remaining());
            rig.simulator.faults().startsRemaining(100);
            Eventually.await("the budget is filled", other::allReady);
            assertTrue(other.identifies.waiting().isEmpty());
        }
    }

    @Test
    void anIdentifyLoopTripsTheBreakerLongBeforeTheBudgetIsGone() throws Exception {
        try (var rig = new LeaseTestSetup(discord(1, 1))) {
            rig.simulator.faults().refuseIdentify(true);
            // longer than the shard's own pauses of 1 to 5 s after op 9
            var process = rig.new Process(0, 0, terms(2, Duration.ofSeconds(6)), Map.of()).start();
            Eventually.await("the breaker trips", () -> process.identifies.waiting().isPresent());
            assertTrue(process.identifies.waiting().orElseThrow().contains("shard 0"));
            assertEquals(2, rig.simulator.recorder().count(IDENTIFY));
            rig.simulator.faults().refuseIdentify(false);
            Eventually.await("it comes back by itself", process::allReady);
            assertEquals(3, rig.simulator.recorder().count(IDENTIFY));
        }
    }

    @Test
    void withRedisAwaySessionsAreResumedAndNobodyIdentifies() throws Exception {
        try (var rig = new LeaseTestSetup(discord(2, 2))) {
            var process = rig.new Process(0, 1, patient(), Map.of()).start();
            Eventually.await("ready", process::allReady);
            RedisServer redis = rig.server;
            redis.kill();
            rig.simulator.faults().close(shard -> shard == 0, 4000);
            rig.simulator.faults().close(shard -> shard == 1, 4007);
            Eventually.await(
                    "one is resumed, the other waits",
                    () ->
                            rig.simulator.recorder().resumes().size() == 1
                                    && process.identifies
                                            .waiting()
                                            .filter(why -> why.contains("Redis"))
                                            .isPresent());
            assertEquals(2, rig.simulator.recorder().identifies().size());
            redis.start();
            Eventually.await("ready again", process::allReady);
            assertEquals(3, rig.simulator.recorder().identifies().size());
        }
    }

    @Test
    void withDiscordsApiAwayWhatIsKnownIsSpent() throws Exception {
        try (var rig = new LeaseTestSetup(discord(1, 1))) {
            var process = rig.new Process(0, 0, patient(), Map.of()).start();
            Eventually.await("ready", process::allReady);
            rig.simulator.faults().restStatus(500);
            rig.simulator.faults().close(_ -> true, 4007);
            Eventually.await(
                    "a new session",
                    () -> rig.simulator.recorder().identifies().size() == 2 && process.allReady());
        }
    }

    @Test
    void fewerKeysThanDiscordsKeepItsKeysApart() {
        assertEquals(16, GatewayDiscovery.concurrency(1_000_000, 16));
        assertEquals(2, GatewayDiscovery.concurrency(3, 16), "3 would mix keys");
        assertEquals(1, GatewayDiscovery.concurrency(1, 16));
        assertEquals(3, GatewayDiscovery.concurrency(4, 3));
    }
}
