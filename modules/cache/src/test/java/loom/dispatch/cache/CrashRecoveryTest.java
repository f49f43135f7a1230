package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.redis.ChunkSizes;
import loom.dispatch.cache.redis.RedisConnector;
import loom.dispatch.cache.redis.RedisConnectorFactory;
import loom.dispatch.cache.redis.RedisOutageLog;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process dies anywhere in a batch: no set lists what is not there. The next one is told the
 * batch again: the state then equals the model. Plays whole histories, batch by batch. The seed is
 * printed; {@code -Dcache.seed=S} plays it again, {@code -Dcache.histories=N} plays N / 60 from
 * there.
 */
class CrashRecoveryTest {
    private static final int LENGTH = 120;
    private static final int BATCH = 8;
    private static final StateConfig CONFIG =
            StateConfig.DEFAULT.withLives(Duration.ZERO, Duration.ZERO).withOld(true);

    /** What histories are made of is small, so pieces are, too. */
    private static final ChunkSizes PIECES = new ChunkSizes(3, 2, 1_000);

    private static RedisServer server;
    private static RedisConnector connector;
    private static RedisTestClient probe;

    @BeforeAll
    static void start() {
        server = Servers.redis("--appendonly", "no");
        connector =
                RedisConnectorFactory.of(
                        RedisTestClient.config(server), SupervisedThreads.unsupervised());
        probe = new RedisTestClient(server);
    }

    @AfterAll
    static void stop() {
        probe.close();
        connector.close();
        server.close();
    }

    /** How a process writes, and how those before it died. */
    private record Way(ChunkSizes bounds, boolean transactions, boolean oneAfterTheOther) {}

    @Test
    void aReplayMakesGoodACrashAtAnyCommand() throws Exception {
        playHistories(new Way(ChunkSizes.DEFAULT, true, false));
    }

    @Test
    void aReplayMakesGoodACrashAtAnyCommandOfWhatIsWrittenInPieces() throws Exception {
        playHistories(new Way(PIECES, true, false));
    }

    @Test
    void aReplayMakesGoodACrashAtAnyCommandWhereThereAreNoTransactions() throws Exception {
        playHistories(new Way(ChunkSizes.DEFAULT, false, false));
        playHistories(new Way(PIECES, false, false));
    }

    @Test
    void aReplayMakesGoodCrashesOneAfterTheOther() throws Exception {
        playHistories(new Way(PIECES, true, true));
        playHistories(new Way(PIECES, false, true));
    }

    private static void playHistories(Way way) throws Exception {
        long first = Long.getLong("cache.seed", System.nanoTime());
        int histories = Integer.getInteger("cache.histories", 60) / 60;
        System.out.println("CrashTest: seeds from " + first);
        for (long seed = first; seed < first + histories; seed++) {
            probe.restore(Map.of());
            long deaths = play(seed, way);
            assertTrue(deaths > LENGTH, "deaths: " + deaths);
        }
    }

    private static long play(long seed, Way way) throws Exception {
        List<RandomHistory.Step> steps = new RandomHistory(seed).steps(LENGTH);
        ReferenceStateModel model = new ReferenceStateModel(CONFIG, RandomHistory.BOT);
        long deaths = 0;
        for (int at = 0; at < LENGTH; ) {
            List<RandomHistory.Step> batch = batchFrom(steps, at);
            batch.forEach(step -> model.apply(step.type(), step.data()));
            deaths +=
                    way.oneAfterTheOther() ? dieOften(way, batch) : dieAnywhere(way, batch, model);
            assertEqual(model, () -> "seed %d after %s".formatted(seed, batch));
            at += batch.size();
        }
        return deaths;
    }

    /** Discord replays one session only, so a batch ends where a session does. */
    private static List<RandomHistory.Step> batchFrom(List<RandomHistory.Step> steps, int from) {
        int to = from + 1;
        while (to < Math.min(from + BATCH, steps.size())
                && steps.get(to).session().equals(steps.get(from).session())) {
            to++;
        }
        return steps.subList(from, to);
    }

    /** From the same state each time: dies one command later, and another makes it good. */
    private static long dieAnywhere(
            Way way, List<RandomHistory.Step> batch, ReferenceStateModel model)
            throws InterruptedException {
        Map<String, byte[]> before = probe.save();
        for (long commands = 0; ; commands++) {
            if (lives(way, batch, commands)) {
                return commands;
            }
            long died = commands;
            assertEquals(
                    List.of(),
                    RedisContents.listedButAbsent(RedisContents.of(probe)),
                    () -> "died before command %d of %s".formatted(died, batch));
            lives(way, batch, Long.MAX_VALUE);
            assertEqual(model, () -> "died before command %d of %s".formatted(died, batch));
            probe.restore(before);
        }
    }

    /** Each makes one command more than the one before it, until one lives. */
    private static long dieOften(Way way, List<RandomHistory.Step> batch)
            throws InterruptedException {
        long commands = 0;
        while (!lives(way, batch, commands)) {
            commands++;
        }
        return commands;
    }

    private static boolean lives(Way way, List<RandomHistory.Step> batch, long commands)
            throws InterruptedException {
        var client = new CrashingRedisClient(connector, commands, way.transactions());
        try (RedisClient redis = new RedisClient(client, outage())) {
            new StateCache(redis, CONFIG, 1, Clock.systemUTC(), way.bounds())
                    .apply(0, batch.stream().map(RandomHistory.Step::event).toList());
            return true;
        } catch (CrashingRedisClient.Death death) {
            return false;
        }
    }

    private static void assertEqual(ReferenceStateModel model, Supplier<String> when) {
        Optional<String> fault =
                RedisContents.difference(model.expected(), RedisContents.of(probe));
        assertTrue(fault.isEmpty(), () -> fault + ", " + when.get());
    }

    private static RedisOutageLog outage() {
        return new RedisOutageLog(
                new RedisTopology.Standalone(new RedisTopology.Node("mortal", 1)));
    }
}
