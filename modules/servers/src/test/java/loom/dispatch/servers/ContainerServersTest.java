package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.rabbit.RabbitContainer;
import loom.dispatch.servers.redis.RedisContainer;

import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Testcontainers;

import java.util.List;

/** Servers in containers; skipped where no Docker engine answers. */
@Testcontainers(disabledWithoutDocker = true)
final class ContainerServersTest {
    @Test
    void rabbitServesFreezesDiesAndComesBackWithItsData() throws Exception {
        try (var rabbit = new RabbitContainer()) {
            assertEquals(ServerSource.CONTAINER, rabbit.kind());
            RabbitServerTests.servesInVirtualHostsThatDoNotMeet(rabbit);
            RabbitServerTests.answersAgainAfterPause(rabbit);
            RabbitServerTests.comesBackOnItsPortAfterKillAndStop(rabbit);
            assertTrue(rabbit.rabbitmqctl("list_queues", "name").contains("kept"));
        }
    }

    @Test
    void redisServesFreezesDiesAndComesBackWithItsData() {
        try (var redis = new RedisContainer(List.of("--requirepass", "secret"))) {
            RedisServerTests.answersAgainAfterPause(redis);
            RedisServerTests.keepsEveryAcknowledgedWriteThroughKillAndStop(redis);
        }
    }
}
