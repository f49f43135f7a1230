package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.RedisWorldComparison;
import loom.dispatch.simulator.EventGenerator;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.api.Test;

import redis.clients.jedis.RedisClient;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Whatever kills the image, the state in Redis ends as the world that Discord told of. {@code
 * -Dkill.rounds=N} kills N times.
 */
final class StateKillTest {
    /** Events of all kinds; a guild's messages stay under the 100 that the world remembers. */
    private static final int EVENTS_PER_SECOND = 600;

    private static final Map<String, String> WHOLE_STATE =
            Map.of(
                    "INTENTS", "53608447",
                    "STATE_MEMBER_TTL", "0",
                    "STATE_MESSAGE_TTL", "0");

    @Test
    void everyKeyEqualsTheWorldAfterKillsAtRandomMoments() throws Exception {
        long seed = System.nanoTime();
        System.out.println("StateKillTest seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (var stage = new ImageTestSetup();
                var redis = RedisClient.create(stage.redis().host(), stage.redis().port())) {
            stage.startImage(WHOLE_STATE);
            stage.awaitReady();
            EventGenerator events = stage.simulator().events();
            events.mix(EventGenerator.Mix.ALL_KINDS).rate(EVENTS_PER_SECOND);
            for (int round = Integer.getInteger("kill.rounds", 6); round > 0; round--) {
                // at work, not at its start
                stage.awaitEvents(100);
                LockSupport.parkNanos(random.nextLong(500_000_000));
                assertTrue(stage.image().isRunning(), stage.image()::output);
                stage.image().kill();
                stage.startImage(WHOLE_STATE);
            }
            stage.awaitReady();
            stage.assertPromiseKept();
            // each shard writes the bot's user; here, unlike Discord's, not each is told
            events.emit("USER_UPDATE");
            LedgerCheck.Report report = stage.assertPromiseKept();
            List<String> faults = RedisWorldComparison.faults(stage.simulator().world(), redis);
            assertEquals(List.of(), faults, "seed " + seed);
            System.out.println("state after kills: " + report + ", keys " + redis.dbSize());
        }
    }
}
