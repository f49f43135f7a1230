package loom.dispatch.app.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.app.config.Environment;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** Tests that audit fails without Redis. StateAuditTest in the cache module tests its results. */
final class AuditCommandTest {
    private static StartFailure refused(Map<String, String> environment) {
        return assertThrows(
                StartFailure.class,
                () -> AuditCommand.run(new Environment(Map.of(), environment), System.out));
    }

    @Test
    void doesNotWaitForUnavailableRedis() {
        StartFailure failure = refused(Map.of("REDIS_URI", "redis://127.0.0.1:1"));
        assertEquals(ExitCode.FAILED, failure.exitCode());
        assertTrue(failure.getMessage().contains("127.0.0.1:1: "), failure.getMessage());
        assertTrue(failure.getMessage().contains("is it running"), failure.getMessage());
    }

    @Test
    void reportsMissingRedisPassword() {
        try (var redis = Servers.redis("--requirepass", "s3cret")) {
            String uri = "redis://" + redis.host() + ":" + redis.port();
            StartFailure failure = refused(Map.of("REDIS_URI", uri));
            assertEquals(ExitCode.TOPOLOGY, failure.exitCode());
            assertTrue(failure.getMessage().contains("; set REDIS_PASSWORD"), failure.getMessage());
            assertEquals(1, failure.getMessage().lines().count());
        }
    }
}
