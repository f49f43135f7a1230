package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Testcontainers;

import java.util.List;

/** Servers in containers; skipped where no Docker engine answers. */
@Testcontainers(disabledWithoutDocker = true)
final class ContainerServersTest {
    @Test
    void rabbitServesFreezesDiesAndComesBackWithItsData() throws Exception {
        try (var rabbit = new RabbitContainer()) {
            assertEquals(Kind.CONTAINER, rabbit.kind());
            RabbitPromises.servesInVirtualHostsThatDoNotMeet(rabbit);
            RabbitPromises.answersAgainAfterPause(rabbit);
            RabbitPromises.comesBackOnItsPortAfterKillAndStop(rabbit);
            assertTrue(rabbit.rabbitmqctl("list_queues", "name").contains("kept"));
        }
    }

    @Test
    void redisServesFreezesDiesAndComesBackWithItsData() {
        try (var redis = new RedisContainer(List.of("--requirepass", "secret"))) {
            RedisPromises.answersAgainAfterPause(redis);
            RedisPromises.keepsEveryAcknowledgedWriteThroughKillAndStop(redis);
        }
    }
}
