package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An interrupt ends {@link RedisClient#connect} at any point of an attempt. */
final class ConnectInterruptTest {
    /** Without the fix, about 6 % of the interrupts were lost. */
    private static final int ATTEMPTS = 150;

    @Test
    void anInterruptEndsAConnectWhileAFailedPoolCloses() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < ATTEMPTS; i++) {
            CountDownLatch started = new CountDownLatch(1);
            Thread connecting = Thread.ofVirtual().start(() -> connectToClosedPort(started));
            started.await();
            TimeUnit.MICROSECONDS.sleep(random.nextInt(12_000));
            connecting.interrupt();
            assertTrue(connecting.join(Duration.ofSeconds(20)), "lost interrupt " + i);
        }
    }

    private static void connectToClosedPort(CountDownLatch started) {
        started.countDown();
        try {
            RedisClient.connect(RedisConfig.standalone("127.0.0.1", 1));
        } catch (InterruptedException | RedisRefusedException end) {
            return;
        }
        throw new AssertionError("nothing listens at port 1");
    }
}
