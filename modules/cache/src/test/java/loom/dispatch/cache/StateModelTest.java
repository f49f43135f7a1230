package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;

import loom.dispatch.cache.StateConfig.Part;
import loom.dispatch.servers.RedisServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Tests that Redis and every {@code old} equal the model after random histories. In a history:
 *
 * <ul>
 *   <li>One to three shards work at the same time; their number changes once.
 *   <li>The process restarts and receives replayed events.
 *   <li>Keys expire.
 * </ul>
 *
 * <p>{@code -Dcache.histories=N} plays N histories, {@code -Dcache.seed=S} begins at that seed.
 */
class StateModelTest {
    private static final int LENGTH = 150;
    private static final int SHARDS = 3;

    /** Longer than every TTL of this test. */
    private static final Duration AGE = Duration.ofHours(2);

    private static RedisServer server;
    private static RedisClient redis;
    private static RedisTestClient probe;

    @BeforeAll
    static void start() throws Exception {
        server = SharedRedis.emptied();
        redis = RedisClient.connect(RedisTestClient.config(server));
        probe = new RedisTestClient(server);
    }

    @AfterAll
    static void stop() {
        redis.close();
        probe.close();
    }

    @Test
    void redisAndOldValuesEqualModelAfterAnyHistory() throws Exception {
        long first = Long.getLong("cache.seed", System.nanoTime());
        int histories = Integer.getInteger("cache.histories", 60);
        System.out.println("StateModelTest: seeds from " + first);
        for (long seed = first; seed < first + histories; seed++) {
            List<RandomHistory.Step> steps = history(seed);
            Optional<String> fault = play(seed, steps);
            if (fault.isPresent()) {
                List<RandomHistory.Step> shrunk = shrink(seed, steps);
                fail(
                        "seed %d: %s%nshrunk to %d steps: %s%n%s"
                                .formatted(
                                        seed,
                                        fault.get(),
                                        shrunk.size(),
                                        shrunk,
                                        play(seed, shrunk)));
            }
        }
    }

    @Test
    void historiesContainEveryEventOfDiscordAndOneUnknown() {
        assertEquals(79 + 1, RandomHistory.allTypes().size());
    }

    /** Each half has its own number of shards. */
    private static List<RandomHistory.Step> history(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(~seed);
        RandomHistory history = new RandomHistory(seed);
        List<RandomHistory.Step> steps = new ArrayList<>();
        steps.addAll(history.steps(LENGTH / 2, 1 + random.nextInt(SHARDS)));
        steps.addAll(history.steps(LENGTH / 2, 1 + random.nextInt(SHARDS)));
        return steps;
    }

    /** Removes ever smaller runs of steps while the fault remains. Keeps each first READY. */
    private static List<RandomHistory.Step> shrink(long seed, List<RandomHistory.Step> failing)
            throws Exception {
        List<RandomHistory.Step> steps = failing;
        for (int run = steps.size() / 2; run > 0; run /= 2) {
            for (int at = 1; at + run <= steps.size(); ) {
                List<RandomHistory.Step> fewer = new ArrayList<>(steps);
                fewer.subList(at, at + run).clear();
                if (everyShardBegins(fewer) && play(seed, fewer).isPresent()) {
                    steps = fewer;
                } else {
                    at += run;
                }
            }
        }
        return steps;
    }

    private static boolean everyShardBegins(List<RandomHistory.Step> steps) {
        Set<List<Integer>> begun = new HashSet<>();
        return steps.stream()
                .allMatch(step ->
                        !begun.add(List.of(step.shard(), step.shardsTotal()))
                                || step.type().equals("READY"));
    }

    /** Plays a history in random batches, with restarts and expired keys between them. */
    private static Optional<String> play(long seed, List<RandomHistory.Step> steps)
            throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        probe.keys().forEach(probe::delete);
        TestShards shards = new TestShards(redis, config(random));
        ReferenceStateModel model = new ReferenceStateModel(shards.config(), RandomHistory.BOT);
        for (int at = 0; at < steps.size(); ) {
            List<RandomHistory.Step> batch = batch(steps, at, 1 + random.nextInt(20));
            List<StateCache.AppliedEvent> applied = shards.apply(batch);
            for (int i = 0; i < batch.size(); i++) {
                Optional<JsonElement> old = model.apply(batch.get(i).type(), batch.get(i).data());
                Optional<String> fault = compareOld(batch.get(i), old, applied.get(i));
                if (fault.isPresent()) {
                    return fault;
                }
            }
            int end = at + batch.size();
            if (random.nextInt(4) == 0) {
                shards.restart();
                shards.apply(replay(steps.subList(Math.max(0, end - 20), end)));
            }
            if (random.nextInt(8) == 0) {
                probe.expireAll();
                model.expireAll();
                shards.advance(AGE);
            }
            at = end;
            Optional<String> fault =
                    RedisContents.difference(model.expected(), RedisContents.of(probe));
            if (fault.isPresent()) {
                return fault.map(text -> text + " after " + batch.getLast());
            }
        }
        return Optional.empty();
    }

    /** The next steps with the same number of shards. */
    private static List<RandomHistory.Step> batch(
            List<RandomHistory.Step> steps, int from, int most) {
        int to = from + 1;
        while (to < Math.min(from + most, steps.size())
                && steps.get(to).shardsTotal() == steps.get(from).shardsTotal()) {
            to++;
        }
        return steps.subList(from, to);
    }

    /** The steps of the last session, because Discord replays no other. */
    private static List<RandomHistory.Step> replay(List<RandomHistory.Step> steps) {
        return steps.stream()
                .filter(step -> step.session().equals(steps.getLast().session()))
                .toList();
    }

    private static StateConfig config(RandomGenerator random) {
        boolean all = random.nextBoolean();
        Set<Part> parts = EnumSet.allOf(Part.class);
        parts.removeIf(_ -> !all && random.nextBoolean());
        return new StateConfig(
                true,
                parts,
                Duration.ofHours(random.nextInt(2)),
                Duration.ofHours(random.nextInt(2)),
                true,
                StateConfig.Failure.WAIT);
    }

    private static Optional<String> compareOld(
            RandomHistory.Step step,
            Optional<JsonElement> expected,
            StateCache.AppliedEvent applied) {
        Optional<JsonElement> actual =
                applied.old()
                        .map(old -> RedisContents.parsed(new String(old, StandardCharsets.UTF_8)))
                        .map(StateModelTest::sorted);
        return expected.map(StateModelTest::sorted).equals(actual)
                ? Optional.empty()
                : Optional.of("old of %s is %s, not %s".formatted(step, actual, expected));
    }

    /** Sorts arrays, because several old objects have no defined order. */
    private static JsonElement sorted(JsonElement element) {
        if (!element.isJsonArray()) {
            return element;
        }
        List<JsonElement> elements = new ArrayList<>(element.getAsJsonArray().asList());
        elements.sort((one, other) -> one.toString().compareTo(other.toString()));
        JsonArray array = new JsonArray();
        elements.forEach(array::add);
        return array;
    }
}
