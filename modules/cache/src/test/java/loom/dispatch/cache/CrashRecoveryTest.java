package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.redis.ChunkSizes;
import loom.dispatch.cache.redis.RedisConnector;
import loom.dispatch.cache.redis.RedisConnectorFactory;
import loom.dispatch.cache.redis.RedisOutageLog;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.RedisServer;

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
 * Tests a crash at every Redis command of a batch:
 *
 * <ul>
 *   <li>After the crash no index set lists a missing object.
 *   <li>After a replay of the batch by the next process the state equals the model.
 * </ul>
 *
 * <p>The test prints the seed. {@code -Dcache.seed=S} begins at that seed, {@code
 * -Dcache.histories=N} plays N / 60 histories.
 */
class CrashRecoveryTest {
    private static final int LENGTH = 120;
    private static final int BATCH = 8;
    private static final StateConfig CONFIG =
            StateConfig.DEFAULT.withLives(Duration.ZERO, Duration.ZERO).withOld(true);

    /** Small chunks, because the objects of the histories are small. */
    private static final ChunkSizes SMALL_CHUNKS = new ChunkSizes(3, 2, 1_000);

    private static RedisServer server;
    private static RedisConnector connector;
    private static RedisTestClient probe;

    @BeforeAll
    static void start() {
        server = SharedRedis.emptied();
        connector =
                RedisConnectorFactory.of(
                        RedisTestClient.config(server), SupervisedThreads.unsupervised());
        probe = new RedisTestClient(server);
    }

    @AfterAll
    static void stop() {
        probe.close();
        connector.close();
    }

    /**
     * How the processes write and crash.
     *
     * @param consecutively whether each process continues after the crash of the one before
     */
    private record WriteMode(ChunkSizes bounds, boolean transactions, boolean consecutively) {}

    @Test
    void replayRestoresStateAfterCrashAtAnyCommand() throws Exception {
        playHistories(new WriteMode(ChunkSizes.DEFAULT, true, false));
    }

    @Test
    void replayRestoresStateAfterCrashAtAnyCommandOfChunkedWrites() throws Exception {
        playHistories(new WriteMode(SMALL_CHUNKS, true, false));
    }

    @Test
    void replayRestoresStateAfterCrashAtAnyCommandWithoutTransactions() throws Exception {
        playHistories(new WriteMode(ChunkSizes.DEFAULT, false, false));
        playHistories(new WriteMode(SMALL_CHUNKS, false, false));
    }

    @Test
    void replayRestoresStateAfterConsecutiveCrashes() throws Exception {
        playHistories(new WriteMode(SMALL_CHUNKS, true, true));
        playHistories(new WriteMode(SMALL_CHUNKS, false, true));
    }

    private static void playHistories(WriteMode mode) throws Exception {
        long first = Long.getLong("cache.seed", System.nanoTime());
        int histories = Integer.getInteger("cache.histories", 60) / 60;
        System.out.println("CrashRecoveryTest: seeds from " + first);
        for (long seed = first; seed < first + histories; seed++) {
            probe.restore(Map.of());
            long crashes = play(seed, mode);
            assertTrue(crashes > LENGTH, "crashes: " + crashes);
        }
    }

    private static long play(long seed, WriteMode mode) throws Exception {
        List<RandomHistory.Step> steps = new RandomHistory(seed).steps(LENGTH);
        ReferenceStateModel model = new ReferenceStateModel(CONFIG, RandomHistory.BOT);
        long crashes = 0;
        for (int at = 0; at < LENGTH; ) {
            List<RandomHistory.Step> batch = batchFrom(steps, at);
            batch.forEach(step -> model.apply(step.type(), step.data()));
            crashes +=
                    mode.consecutively()
                            ? crashConsecutively(mode, batch)
                            : crashAtEachCommand(mode, batch, model);
            assertEqual(model, () -> "seed %d after %s".formatted(seed, batch));
            at += batch.size();
        }
        return crashes;
    }

    /** A batch ends at the end of its session, because Discord replays only one session. */
    private static List<RandomHistory.Step> batchFrom(List<RandomHistory.Step> steps, int from) {
        int to = from + 1;
        while (to < Math.min(from + BATCH, steps.size())
                && steps.get(to).session().equals(steps.get(from).session())) {
            to++;
        }
        return steps.subList(from, to);
    }

    /** Crashes at each command in turn, always from the same state, and then replays. */
    private static long crashAtEachCommand(
            WriteMode mode, List<RandomHistory.Step> batch, ReferenceStateModel model)
            throws InterruptedException {
        Map<String, byte[]> before = probe.save();
        for (long commands = 0; ; commands++) {
            if (completes(mode, batch, commands)) {
                return commands;
            }
            long crashedAt = commands;
            assertEquals(
                    List.of(),
                    RedisContents.listedButAbsent(RedisContents.of(probe)),
                    () -> "crash before command %d of %s".formatted(crashedAt, batch));
            completes(mode, batch, Long.MAX_VALUE);
            assertEqual(model, () -> "crash before command %d of %s".formatted(crashedAt, batch));
            probe.restore(before);
        }
    }

    /** Each process sends one command more than the one before, until one completes the batch. */
    private static long crashConsecutively(WriteMode mode, List<RandomHistory.Step> batch)
            throws InterruptedException {
        long commands = 0;
        while (!completes(mode, batch, commands)) {
            commands++;
        }
        return commands;
    }

    private static boolean completes(WriteMode mode, List<RandomHistory.Step> batch, long commands)
            throws InterruptedException {
        var client = new CrashingRedisClient(connector, commands, mode.transactions());
        try (RedisClient redis = new RedisClient(client, outage())) {
            new StateCache(redis, CONFIG, 1, Clock.systemUTC(), mode.bounds())
                    .apply(0, batch.stream().map(RandomHistory.Step::event).toList());
            return true;
        } catch (CrashingRedisClient.Crash crash) {
            return false;
        }
    }

    private static void assertEqual(ReferenceStateModel model, Supplier<String> when) {
        Optional<String> fault =
                RedisContents.difference(model.expected(), RedisContents.of(probe));
        assertTrue(fault.isEmpty(), () -> fault + ", " + when.get());
    }

    private static RedisOutageLog outage() {
        return new RedisOutageLog(new RedisTopology.Standalone(new RedisTopology.Node("redis", 1)));
    }
}
