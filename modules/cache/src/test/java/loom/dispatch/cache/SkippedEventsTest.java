package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;

import loom.dispatch.cache.bulk.StaleMarker;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Tests {@code STATE_FAILURE=skip} with a killed or frozen Redis:
 *
 * <ul>
 *   <li>The cache skips events at once and marks the state as stale.
 *   <li>After the next READY the state equals the model.
 * </ul>
 *
 * <p>{@code -Dcache.histories=N} plays N / 20 histories, {@code -Dcache.seed=S} begins at that
 * seed.
 */
class SkippedEventsTest {
    private static final int LENGTH = 160;
    private static final int BATCH = 10;
    private static final Duration WAIT = Duration.ofMillis(200);

    /** No TTL: expired keys would hide a missing repair. */
    private static final StateConfig CONFIG =
            StateConfig.DEFAULT
                    .withLives(Duration.ZERO, Duration.ZERO)
                    .withFailure(StateConfig.Failure.SKIP);

    /** A clock that the test moves. */
    private static final class TestClock extends Clock {
        private Instant now = Instant.now();

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @Test
    void skippedEventsMarkStateStaleUntilReadyRepairsIt() throws Exception {
        long first = Long.getLong("cache.seed", System.nanoTime());
        int histories = Integer.getInteger("cache.histories", 60) / 20;
        System.out.println("SkippedEventsTest: seeds from " + first);
        for (long seed = first; seed < first + histories; seed++) {
            try (RedisServer server = Servers.redis();
                    RedisClient redis =
                            RedisClient.connect(
                                    RedisTestClient.config(server).withTimeouts(WAIT, WAIT))) {
                new History(seed, server, redis).play();
            }
        }
    }

    /** A history with one outage. */
    private static final class History {
        private final long seed;
        private final RandomGenerator random;
        private final RedisServer server;
        private final TestClock clock = new TestClock();
        private final RedisClient redis;
        private StateCache cache;
        private final ReferenceStateModel model =
                new ReferenceStateModel(CONFIG, RandomHistory.BOT);
        private final List<RandomHistory.Step> steps;

        History(long seed, RedisServer server, RedisClient redis) {
            this.seed = seed;
            this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            this.server = server;
            this.redis = redis;
            this.cache = new StateCache(redis, CONFIG, 1, clock);
            this.steps = new RandomHistory(seed).steps(LENGTH);
        }

        void play() throws InterruptedException {
            steps.subList(0, LENGTH / 4).forEach(step -> model.apply(step.type(), step.data()));
            apply(steps.subList(0, LENGTH / 4));
            assertEqual("before the outage");

            boolean dies = random.nextBoolean();
            skipDuring(dies ? server::kill : server::pause, steps.subList(LENGTH / 4, LENGTH / 2));
            Runnable back = dies ? server::start : server::resume;
            back.run();
            clock.advance(Duration.ofMinutes(1));

            apply(guildEvents(steps.subList(LENGTH / 2, 3 * LENGTH / 4)));
            assertTrue(cache.stale(0), "stale until READY, seed " + seed);
            assertEquals(List.of(0), cache.staleShards());
            assertTrue(isMarkedStale(), "stale marker, seed " + seed);
            cache = new StateCache(redis, CONFIG, 1, clock);
            apply(List.of());
            assertTrue(cache.stale(0), "stale in a new process, seed " + seed);

            List<RandomHistory.Step> arrival = arrival();
            model.forgetMessagesOfGuilds();
            arrival.forEach(step -> model.apply(step.type(), step.data()));
            apply(arrival);
            assertFalse(cache.stale(0), "repaired, seed " + seed);
            assertFalse(isMarkedStale(), "stale marker, seed " + seed);
            assertEqual("after all GUILD_CREATEs");

            List<RandomHistory.Step> rest = steps.subList(3 * LENGTH / 4, LENGTH);
            rest.forEach(step -> model.apply(step.type(), step.data()));
            apply(rest);
            assertEqual("at the end");
        }

        private void skipDuring(Runnable outage, List<RandomHistory.Step> missed)
                throws InterruptedException {
            outage.run();
            for (int at = 0; at < missed.size(); at += BATCH) {
                List<RandomHistory.Step> batch = missed.subList(at, at + BATCH);
                List<StateCache.AppliedEvent> applied =
                        cache.apply(0, batch.stream().map(RandomHistory.Step::event).toList());
                assertEquals(Collections.nCopies(BATCH, StateCache.AppliedEvent.NOTHING), applied);
                clock.advance(Duration.ofMillis(random.nextInt(2_000)));
            }
        }

        private void apply(List<RandomHistory.Step> some) throws InterruptedException {
            cache.apply(0, some.stream().map(RandomHistory.Step::event).toList());
        }

        /** The events of guilds, because READY and GUILD_CREATE repair only guilds. */
        private static List<RandomHistory.Step> guildEvents(List<RandomHistory.Step> some) {
            return some.stream().filter(step -> step.data().has("guild_id")).toList();
        }

        /** A READY and each guild that it announces. */
        private List<RandomHistory.Step> arrival() {
            var payloads = new RandomPayloads(random, 0, 1);
            List<RandomHistory.Step> arrival = new ArrayList<>();
            JsonObject ready = payloads.of("READY");
            arrival.add(new RandomHistory.Step(0, 1, "repair", 1, "READY", ready));
            ready.getAsJsonArray("guilds")
                    .forEach(guild ->
                            arrival.add(
                                    new RandomHistory.Step(
                                            0,
                                            1,
                                            "repair",
                                            arrival.size() + 1,
                                            "GUILD_CREATE",
                                            payloads.guildCreate(
                                                    guild.getAsJsonObject()
                                                            .get("id")
                                                            .getAsString()))));
            return arrival;
        }

        private boolean isMarkedStale() {
            try (var probe = new RedisTestClient(server)) {
                return probe.hash(RedisKeys.stateOf(0)).containsKey(StaleMarker.FIELD);
            }
        }

        private void assertEqual(String when) {
            try (var probe = new RedisTestClient(server)) {
                Optional<String> fault =
                        RedisContents.difference(model.expected(), RedisContents.of(probe));
                assertTrue(fault.isEmpty(), () -> "seed %d %s: %s".formatted(seed, when, fault));
            }
        }
    }
}
