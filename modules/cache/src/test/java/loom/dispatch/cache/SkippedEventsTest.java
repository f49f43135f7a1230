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
 * {@code STATE_FAILURE=skip}: while Redis is dead or frozen events pass the state by and nobody
 * waits; readers are told, and the next READY makes the state equal the model again. {@code
 * -Dcache.histories=N} plays N / 20 histories, {@code -Dcache.seed=S} begins at that seed.
 */
class SkippedEventsTest {
    private static final int LENGTH = 160;
    private static final int BATCH = 10;
    private static final Duration WAIT = Duration.ofMillis(200);

    /** For ever: what time takes away would need no healing. */
    private static final StateConfig CONFIG =
            StateConfig.DEFAULT
                    .withLives(Duration.ZERO, Duration.ZERO)
                    .withFailure(StateConfig.Failure.SKIP);

    /** Goes on only when it is told to. */
    private static final class Watch extends Clock {
        private Instant now = Instant.now();

        void forward(Duration time) {
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
    void whatPassedTheStateByIsToldAndTheNextReadyMakesItGood() throws Exception {
        long first = Long.getLong("cache.seed", System.nanoTime());
        int histories = Integer.getInteger("cache.histories", 60) / 20;
        System.out.println("SkipTest: seeds from " + first);
        for (long seed = first; seed < first + histories; seed++) {
            try (RedisServer server = Servers.redis();
                    RedisClient redis =
                            RedisClient.connect(
                                    RedisTestClient.config(server).withTimeouts(WAIT, WAIT))) {
                new History(seed, server, redis).play();
            }
        }
    }

    /** One outage and what comes before and after it. */
    private static final class History {
        private final long seed;
        private final RandomGenerator random;
        private final RedisServer server;
        private final Watch watch = new Watch();
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
            this.cache = new StateCache(redis, CONFIG, 1, watch);
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
            watch.forward(Duration.ofMinutes(1));

            apply(ofGuilds(steps.subList(LENGTH / 2, 3 * LENGTH / 4)));
            assertTrue(cache.stale(0), "stale until READY, seed " + seed);
            assertEquals(List.of(0), cache.staleShards());
            assertTrue(isMarkedStale(), "readers are told, seed " + seed);
            cache = new StateCache(redis, CONFIG, 1, watch);
            apply(List.of());
            assertTrue(cache.stale(0), "a new process knows it, seed " + seed);

            List<RandomHistory.Step> arrival = arrival();
            model.forgetMessagesOfGuilds();
            arrival.forEach(step -> model.apply(step.type(), step.data()));
            apply(arrival);
            assertFalse(cache.stale(0), "healed, seed " + seed);
            assertFalse(isMarkedStale(), "readers are told, seed " + seed);
            assertEqual("when all guilds had come again");

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
                watch.forward(Duration.ofMillis(random.nextInt(2_000)));
            }
        }

        private void apply(List<RandomHistory.Step> some) throws InterruptedException {
            cache.apply(0, some.stream().map(RandomHistory.Step::event).toList());
        }

        /** Only what concerns guilds comes anew; what else was missed is not told any more. */
        private static List<RandomHistory.Step> ofGuilds(List<RandomHistory.Step> some) {
            return some.stream().filter(step -> step.data().has("guild_id")).toList();
        }

        /** A READY and each guild that it announces. */
        private List<RandomHistory.Step> arrival() {
            var payloads = new RandomPayloads(random, 0, 1);
            List<RandomHistory.Step> arrival = new ArrayList<>();
            JsonObject ready = payloads.of("READY");
            arrival.add(new RandomHistory.Step(0, 1, "healing", 1, "READY", ready));
            ready.getAsJsonArray("guilds")
                    .forEach(guild ->
                            arrival.add(
                                    new RandomHistory.Step(
                                            0,
                                            1,
                                            "healing",
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
