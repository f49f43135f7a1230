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
 * Kills the image while it writes the state, and compares the state with the simulator's world.
 * {@code -Dkill.rounds=N} kills N times.
 */
final class StateKillTest {
    /** At this rate a guild has fewer messages than the 100 that the simulator's world keeps. */
    private static final int EVENTS_PER_SECOND = 600;

    private static final Map<String, String> WHOLE_STATE =
            Map.of(
                    "INTENTS", "53608447",
                    "STATE_MEMBER_TTL", "0",
                    "STATE_MESSAGE_TTL", "0");

    @Test
    void stateEqualsWorldAfterKillsAtRandomMoments() throws Exception {
        long seed = System.nanoTime();
        System.out.println("StateKillTest seed " + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (var setup = new ImageTestSetup();
                var redis = RedisClient.create(setup.redis().host(), setup.redis().port())) {
            setup.startImage(WHOLE_STATE);
            setup.awaitReady();
            EventGenerator events = setup.simulator().events();
            events.mix(EventGenerator.Mix.ALL_KINDS).rate(EVENTS_PER_SECOND);
            for (int round = Integer.getInteger("kill.rounds", 6); round > 0; round--) {
                // a kill during the start would test less
                setup.awaitEvents(100);
                LockSupport.parkNanos(random.nextLong(500_000_000));
                assertTrue(setup.image().isRunning(), setup.image()::output);
                setup.image().kill();
                setup.startImage(WHOLE_STATE);
            }
            setup.awaitReady();
            setup.assertNoEventLost();
            // the simulator sends USER_UPDATE to one shard, Discord to all; the last one decides
            events.emit("USER_UPDATE");
            LedgerCheck.Report report = setup.assertNoEventLost();
            List<String> faults = RedisWorldComparison.faults(setup.simulator().world(), redis);
            assertEquals(List.of(), faults, "seed " + seed);
            System.out.println("state after kills: " + report + ", keys " + redis.dbSize());
        }
    }
}
