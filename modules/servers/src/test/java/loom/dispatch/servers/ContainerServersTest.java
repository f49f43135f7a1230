package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.rabbit.RabbitContainer;
import loom.dispatch.servers.redis.RedisContainer;

import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Testcontainers;

import java.util.List;

/** Tests of servers in containers; skipped if no Docker engine answers. */
@Testcontainers(disabledWithoutDocker = true)
final class ContainerServersTest {
    @Test
    void rabbitKeepsMessagesThroughKillAndStop() throws Exception {
        try (var rabbit = new RabbitContainer()) {
            assertEquals(ServerSource.CONTAINER, rabbit.kind());
            RabbitServerTests.virtualHostsAreIsolated(rabbit);
            RabbitServerTests.repliesAgainAfterPause(rabbit);
            RabbitServerTests.restartsOnItsPortAfterKillAndStop(rabbit);
            assertTrue(rabbit.rabbitmqctl("list_queues", "name").contains("kept"));
        }
    }

    @Test
    void redisKeepsAcknowledgedWritesThroughKillAndStop() {
        try (var redis = new RedisContainer(List.of("--requirepass", "secret"))) {
            RedisServerTests.repliesAgainAfterPause(redis);
            RedisServerTests.keepsAcknowledgedWritesThroughKillAndStop(redis);
        }
    }
}
