package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Tests of the embedded servers, which need no installed program. */
final class EmbeddedServersTest {
    @Test
    void embeddedBrokerRestartsEmptyAfterKill() throws Exception {
        try (var rabbit = Servers.embeddedRabbit()) {
            assertEquals(ServerSource.EMBEDDED, rabbit.kind());
            assertFalse(rabbit.keepsData());
            RabbitServerTests.virtualHostsAreIsolated(rabbit);
            RabbitServerTests.repliesAgainAfterPause(rabbit);
            RabbitServerTests.restartsOnItsPortAfterKillAndStop(rabbit);
        }
    }

    @Test
    void embeddedBrokerRejectsRabbitmqctl() {
        try (var rabbit = Servers.embeddedRabbit()) {
            assertFalse(rabbit.isRabbitMq());
            assertThrows(ServerFailure.class, () -> rabbit.rabbitmqctl("status"));
        }
    }

    @Test
    void redisKeepsAcknowledgedWritesThroughKillAndStop() {
        try (var redis = Servers.embeddedRedis("--requirepass", "secret")) {
            assertEquals(ServerSource.EMBEDDED, redis.kind());
            RedisServerTests.repliesAgainAfterPause(redis);
            RedisServerTests.keepsAcknowledgedWritesThroughKillAndStop(redis);
        }
    }
}
