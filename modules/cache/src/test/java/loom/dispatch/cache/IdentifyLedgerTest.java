package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.IdentifyLedger.Decision.AskDiscord;
import loom.dispatch.cache.IdentifyLedger.Decision.Granted;
import loom.dispatch.cache.IdentifyLedger.Decision.Wait;
import loom.dispatch.cache.IdentifyLedger.Decision.Why;
import loom.dispatch.cache.IdentifyLedger.Standing;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Tests the IDENTIFY limits that all processes share, and the reserve. */
class IdentifyLedgerTest {
    private static final Duration INTERVAL = Duration.ofMillis(150);
    private static final Duration RESET = Duration.ofHours(10);

    private final RedisServer server = SharedRedis.emptied();
    private RedisClient redis;

    @BeforeEach
    void connect() throws Exception {
        redis = RedisClient.connect(RedisTestClient.config(server));
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    /** The service's rules, but with shorter pauses for a looping shard. */
    private static IdentifyRules rules(int freeLoops, Duration firstPause) {
        IdentifyRules standard = IdentifyRules.standard(INTERVAL);
        return new IdentifyRules(
                INTERVAL,
                Duration.ofMillis(600),
                standard.fresh(),
                standard.reservePart(),
                standard.leastReserve(),
                standard.slowReserves(),
                freeLoops,
                firstPause,
                firstPause.multipliedBy(4),
                firstPause.multipliedBy(8));
    }

    private IdentifyLedger process() {
        return new IdentifyLedger(redis, "1", rules(1_000_000, Duration.ofMillis(1)));
    }

    private static Standing standing(int remaining, int concurrency) {
        return new Standing(1000, remaining, RESET, concurrency);
    }

    private static Why why(IdentifyLedger.Decision turn) {
        return assertInstanceOf(Wait.class, turn).why();
    }

    @Test
    void asksDiscordBeforeFirstIdentify() {
        IdentifyLedger ledger = process();
        assertEquals(new AskDiscord(), ledger.take(0, true));
        assertEquals(new AskDiscord(), ledger.take(0, false), "the count is still unknown");
        ledger.observe(standing(900, 1));
        assertEquals(new Granted(899), ledger.take(0, true));
        assertEquals(899, ledger.standing().orElseThrow().remaining());
    }

    @Test
    void keyIsFreeOneIntervalAfterIdentifyWasSent() throws Exception {
        IdentifyLedger one = process();
        IdentifyLedger other = process();
        one.observe(standing(900, 2));
        assertInstanceOf(Granted.class, one.take(0, true));
        assertEquals(Why.KEY, why(other.take(2, true)), "shard 2 has the key of shard 0");
        assertInstanceOf(Granted.class, other.take(1, true), "shard 1 has its own");
        other.left(2);
        assertEquals(Why.KEY, why(other.take(4, true)), "only the holder frees the key");
        // before Redis learns of it, so that a slow test thread does not shorten the interval
        long leftNanos = System.nanoTime();
        one.left(0);
        Eventually.await(
                "the key is free",
                Duration.ofSeconds(5),
                () -> other.take(2, true) instanceof Granted);
        // Redis counts whole milliseconds
        assertTrue(System.nanoTime() - leftNanos > INTERVAL.toNanos() - 2_000_000);
    }

    @Test
    void keyOfDeadProcessIsFreeAfterHoldTime() throws Exception {
        IdentifyLedger dead = process();
        dead.observe(standing(900, 1));
        assertInstanceOf(Granted.class, dead.take(0, true));
        Eventually.await(
                "the key is free",
                Duration.ofSeconds(5),
                () -> process().take(1, true) instanceof Granted);
    }

    @Test
    void lowerCountAppliesWithinWindowAndDiscordsCountInNext() {
        IdentifyLedger ledger = process();
        ledger.observe(standing(900, 16));
        ledger.take(0, true);
        ledger.observe(standing(900, 16));
        assertEquals(
                899,
                ledger.standing().orElseThrow().remaining(),
                "one IDENTIFY is not counted by Discord yet");
        ledger.observe(standing(700, 16));
        assertEquals(
                700, ledger.standing().orElseThrow().remaining(), "another process spent them");
        ledger.observe(new Standing(1000, 1000, RESET.plusHours(1), 16));
        assertEquals(1000, ledger.standing().orElseThrow().remaining(), "filled again");
    }

    @Test
    void concurrentProcessesNeverSpendReserve() throws Exception {
        process().observe(standing(70, 64));
        // the reset is now, so the ledger does not spread the rest
        process().observe(new Standing(1000, 70, Duration.ZERO, 64));
        AtomicInteger granted = new AtomicInteger();
        List<Thread> processes = new ArrayList<>();
        for (int process = 0; process < 8; process++) {
            int first = process * 8;
            processes.add(
                    Thread.startVirtualThread(() -> {
                        IdentifyLedger ledger = process();
                        for (int shard = first; shard < first + 8; shard++) {
                            if (ledger.take(shard, false) instanceof Granted) {
                                granted.incrementAndGet();
                            }
                        }
                    }));
        }
        for (Thread process : processes) {
            process.join();
        }
        assertEquals(20, granted.get(), "70 were left and 50 are the reserve");
        assertEquals(Why.RESERVE, why(process().take(63, false)));
        assertEquals(50, process().standing().orElseThrow().remaining());
    }

    @Test
    void remainderBelowFourReservesIsSpreadUntilReset() {
        IdentifyLedger ledger = process();
        ledger.observe(standing(150, 16));
        assertInstanceOf(Granted.class, ledger.take(0, true));
        Wait slow = assertInstanceOf(Wait.class, process().take(1, true));
        assertEquals(Why.SLOW, slow.why());
        // 100 IDENTIFYs in ten hours
        assertTrue(
                slow.time().compareTo(Duration.ofMinutes(6)) <= 0
                        && slow.time().compareTo(Duration.ofMinutes(5)) > 0,
                slow::toString);
    }

    @Test
    void loopingShardIsPausedLongerEachTimeAndOthersAreNot() throws Exception {
        var ledger = new IdentifyLedger(redis, "1", rules(2, Duration.ofMillis(200)));
        ledger.observe(standing(900, 16));
        for (int time = 0; time < 2; time++) {
            assertInstanceOf(Granted.class, take(ledger, 3));
        }
        assertEquals(Why.LOOP, why(ledger.take(3, true)));
        assertInstanceOf(Granted.class, ledger.take(4, true), "another shard");
        var afterRestart = new IdentifyLedger(redis, "1", rules(2, Duration.ofMillis(200)));
        assertEquals(Why.LOOP, why(afterRestart.take(3, true)), "a restart keeps the count");
        long began = System.nanoTime();
        assertInstanceOf(Granted.class, take(ledger, 3));
        assertInstanceOf(Granted.class, take(ledger, 3));
        // the rest of 200 ms, then 400 ms
        assertTrue(System.nanoTime() - began > Duration.ofMillis(450).toNanos());
    }

    /** Waits until the ledger grants the IDENTIFY, and reports that it was sent. */
    private static IdentifyLedger.Decision take(IdentifyLedger ledger, int shard)
            throws InterruptedException {
        while (true) {
            IdentifyLedger.Decision turn = ledger.take(shard, true);
            if (!(turn instanceof Wait(var why, var time))) {
                ledger.left(shard);
                return turn;
            }
            assertTrue(why == Why.LOOP || why == Why.KEY, turn::toString);
            Thread.sleep(time);
        }
    }

    @Test
    void loopingShardSpendsAtMost54IdentifiesInFirstDay() {
        IdentifyRules rules = IdentifyRules.standard(Duration.ofSeconds(5));
        Duration time = Duration.ZERO;
        int spent = 0;
        while (time.compareTo(Duration.ofDays(1)) < 0) {
            spent++;
            Duration pause =
                    spent < rules.freeLoops()
                            ? Duration.ofSeconds(1)
                            : rules.firstPause()
                                    .multipliedBy(1L << Math.min(spent - rules.freeLoops(), 20));
            time =
                    time.plus(
                            pause.compareTo(rules.longestPause()) < 0
                                    ? pause
                                    : rules.longestPause());
        }
        assertTrue(spent <= 54, "spent " + spent);
    }

    @Test
    void identifyFailsWithoutRedis() throws Exception {
        try (RedisServer own = Servers.redis();
                RedisClient client = RedisClient.connect(RedisTestClient.config(own))) {
            var ledger = new IdentifyLedger(client, "1", rules(1_000_000, Duration.ofMillis(1)));
            own.kill();
            assertThrows(RedisUnavailableException.class, () -> ledger.take(0, true));
        }
    }
}
