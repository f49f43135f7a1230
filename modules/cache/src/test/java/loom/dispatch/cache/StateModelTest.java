package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;

import loom.dispatch.cache.StateConfig.Part;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Whatever happens to a shard, Redis and every {@code old} equal the model, both ways. {@code
 * -Dcache.histories=N} plays N histories, {@code -Dcache.seed=S} begins at that seed.
 */
class StateModelTest {
    private static final int LENGTH = 150;

    private static RedisServer server;
    private static Redis redis;
    private static Probe probe;

    @BeforeAll
    static void start() throws Exception {
        server = Servers.redis("--appendonly", "no");
        redis = Redis.connect(Probe.config(server));
        probe = new Probe(server);
    }

    @AfterAll
    static void stop() {
        redis.close();
        probe.close();
        server.close();
    }

    @Test
    void redisAndEveryOldEqualTheModelAfterAnyHistory() throws Exception {
        long first = Long.getLong("cache.seed", System.nanoTime());
        int histories = Integer.getInteger("cache.histories", 60);
        System.out.println("StateModelTest: seeds from " + first);
        for (long seed = first; seed < first + histories; seed++) {
            List<RandomHistory.Step> steps = new RandomHistory(seed).steps(LENGTH);
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
    void historiesAreMadeOfAllEventsThatDiscordHasAndOneThatItHasNot() {
        assertEquals(79 + 1, RandomHistory.allTypes().size());
    }

    /** Leaves out ever smaller runs of steps but the first READY while the fault stays. */
    private static List<RandomHistory.Step> shrink(long seed, List<RandomHistory.Step> failing)
            throws Exception {
        List<RandomHistory.Step> steps = failing;
        for (int run = steps.size() / 2; run > 0; run /= 2) {
            for (int at = 1; at + run <= steps.size(); ) {
                List<RandomHistory.Step> fewer = new ArrayList<>(steps);
                fewer.subList(at, at + run).clear();
                if (play(seed, fewer).isPresent()) {
                    steps = fewer;
                } else {
                    at += run;
                }
            }
        }
        return steps;
    }

    /** Plays a history in batches of any size, with restarts and replays in between. */
    private static Optional<String> play(long seed, List<RandomHistory.Step> steps)
            throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        probe.keys().forEach(probe::delete);
        StateConfig config = config(random);
        StateModel model = new StateModel(config, RandomHistory.BOT);
        StateCache cache = new StateCache(redis, config, 1, Clock.systemUTC());
        int at = 0;
        while (at < steps.size()) {
            int end = Math.min(steps.size(), at + 1 + random.nextInt(20));
            List<RandomHistory.Step> batch = steps.subList(at, end);
            List<Applied> applied =
                    cache.apply(0, batch.stream().map(RandomHistory.Step::event).toList());
            for (int i = 0; i < batch.size(); i++) {
                Optional<JsonElement> old = model.apply(batch.get(i).type(), batch.get(i).data());
                Optional<String> fault = compareOld(batch.get(i), old, applied.get(i));
                if (fault.isPresent()) {
                    return fault;
                }
            }
            if (random.nextInt(4) == 0) {
                cache = new StateCache(redis, config, 1, Clock.systemUTC());
                int again = Math.max(at, end - 1 - random.nextInt(20));
                cache.apply(0, replay(steps.subList(again, end)));
            }
            at = end;
            Optional<String> fault = Contents.difference(model.expected(), Contents.of(probe));
            if (fault.isPresent()) {
                return fault.map(text -> text + " after " + batch.getLast());
            }
        }
        return Optional.empty();
    }

    /** Discord replays the last session only: what came before its READY is gone. */
    private static List<CacheEvent> replay(List<RandomHistory.Step> steps) {
        return steps.stream()
                .filter(step -> step.session().equals(steps.getLast().session()))
                .map(RandomHistory.Step::event)
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
            RandomHistory.Step step, Optional<JsonElement> expected, Applied applied) {
        Optional<JsonElement> actual =
                applied.old()
                        .map(old -> Contents.parsed(new String(old, StandardCharsets.UTF_8)))
                        .map(StateModelTest::sorted);
        return expected.map(StateModelTest::sorted).equals(actual)
                ? Optional.empty()
                : Optional.of("old of %s is %s, not %s".formatted(step, actual, expected));
    }

    /** Arrays of several old objects have no order of their own. */
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
