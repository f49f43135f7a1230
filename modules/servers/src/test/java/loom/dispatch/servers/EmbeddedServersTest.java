package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The stand-ins that need nothing installed. */
final class EmbeddedServersTest {
    @Test
    void brokerServesFreezesDiesAndComesBackEmpty() throws Exception {
        try (var rabbit = Servers.embeddedRabbit()) {
            assertEquals(ServerSource.EMBEDDED, rabbit.kind());
            assertFalse(rabbit.keepsData());
            RabbitServerTests.servesInVirtualHostsThatDoNotMeet(rabbit);
            RabbitServerTests.answersAgainAfterPause(rabbit);
            RabbitServerTests.comesBackOnItsPortAfterKillAndStop(rabbit);
        }
    }

    @Test
    void brokerSaysWhatItCannotDo() {
        try (var rabbit = Servers.embeddedRabbit()) {
            assertFalse(rabbit.isRabbitMq());
            assertThrows(ServerFailure.class, () -> rabbit.rabbitmqctl("status"));
        }
    }

    @Test
    void redisServesFreezesDiesAndComesBackWithItsData() {
        try (var redis = Servers.embeddedRedis("--requirepass", "secret")) {
            assertEquals(ServerSource.EMBEDDED, redis.kind());
            RedisServerTests.answersAgainAfterPause(redis);
            RedisServerTests.keepsEveryAcknowledgedWriteThroughKillAndStop(redis);
        }
    }
}
