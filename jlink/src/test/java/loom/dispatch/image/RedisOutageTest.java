package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.LedgerCheck;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.concurrent.locks.LockSupport;

/** Ends Redis while events flow, and starts it again. */
final class RedisOutageTest {
    private static final int EVENTS_PER_SECOND = 2_000;
    private static final long OUTAGE_NANOS = 4_000_000_000L;
    // A heartbeat that waits for the end of the outage is two intervals late; the rest is a busy
    // machine's.
    private static final double MAX_HEARTBEAT_INTERVALS = 1.5;

    enum End {
        KILL,
        STOP
    }

    @ParameterizedTest
    @EnumSource
    void losesNoEventAndNoCheckpointInARedisOutage(End end) throws Exception {
        try (var setup = new ImageTestSetup()) {
            setup.startImage();
            setup.awaitReady();
            setup.simulator().events().rate(EVENTS_PER_SECOND);
            setup.awaitEvents(3_000);
            switch (end) {
                case KILL -> setup.redis().kill();
                case STOP -> setup.redis().stop();
            }
            LockSupport.parkNanos(OUTAGE_NANOS);
            setup.redis().start();
            setup.awaitEvents(3_000);
            LedgerCheck.Report report = setup.assertNoEventLost();
            System.out.println("Redis " + end + ": " + report);
            setup.assertHeartbeatsOnTime(MAX_HEARTBEAT_INTERVALS);
            assertTrue(setup.image().isRunning());
            assertEquals(
                    ImageTestSetup.SHARDS, setup.simulator().recorder().count(2), "identifies");
            assertEquals(0, setup.simulator().recorder().count(6), "resumes");
        }
    }
}
