package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Optional;

/** Which servers are chosen, and what is said about it. */
final class ServersTest {
    private static final Optional<RabbitInstallation> RABBIT =
            Optional.of(new RabbitInstallation(Path.of("/opt/rabbit"), "4.1.0"));
    private static final Optional<RedisProgram.Installed> REDIS =
            Optional.of(new RedisProgram.Installed(Path.of("/opt/redis-server"), "8.0.0"));

    private static String chosen(Kind best, Available available) {
        return available.announcement(available.rabbit(best), available.redis(best));
    }

    @Test
    void prefersContainersThenInstalledProgramsThenTheStandIns() {
        assertEquals(
                "servers: RabbitMQ (rabbitmq:4.1-alpine) in a container,"
                        + " Redis (redis:8.2-alpine) in a container",
                chosen(Kind.CONTAINER, new Available(true, RABBIT, REDIS)));
        assertEquals(
                "servers: RabbitMQ 4.1.0 as own process, Redis 8.0.0 as own process",
                chosen(Kind.CONTAINER, new Available(false, RABBIT, REDIS)));
        assertEquals(
                "servers: Qpid 10.1.0 instead of RabbitMQ embedded, Redis 8.0.0 as own process",
                chosen(Kind.CONTAINER, new Available(false, Optional.empty(), REDIS)));
        assertEquals(
                "servers: RabbitMQ 4.1.0 as own process, Redis 7.0.15 embedded",
                chosen(Kind.CONTAINER, new Available(false, RABBIT, Optional.empty())));
    }

    @Test
    void beginsWhereTheSettingSays() {
        var everything = new Available(true, RABBIT, REDIS);
        assertEquals(Kind.PROCESS, everything.rabbit(Kind.PROCESS));
        assertEquals(Kind.EMBEDDED, everything.rabbit(Kind.EMBEDDED));
        assertEquals(Kind.EMBEDDED, everything.redis(Kind.EMBEDDED));
        assertEquals(Kind.EMBEDDED, Kind.parse("Embedded"));
        var wrong = assertThrows(IllegalArgumentException.class, () -> Kind.parse("docker"));
        assertTrue(wrong.getMessage().contains("docker"));
        assertTrue(wrong.getMessage().contains("container, process, embedded"));
    }

    @Test
    void sharesOneBrokerAmongTheTestsOfAJvm() throws Exception {
        RabbitServer rabbit = Servers.sharedRabbit();
        assertSame(rabbit, Servers.sharedRabbit());
        VirtualHost virtualHost = rabbit.newVirtualHost();
        RabbitPromises.publish(virtualHost, "q");
        assertEquals(200, RabbitPromises.count(virtualHost, "q"));
        try (var redis = Servers.redis();
                var jedis = RedisPromises.connect(redis)) {
            assertEquals("PONG", jedis.ping());
        }
    }

    @Test
    void escapesTheNameOfAVirtualHostInItsUri() {
        var virtualHost = new VirtualHost("127.0.0.1", 5672, "guest", "p@ss/word", "/");
        assertEquals("amqp://guest:p%40ss%2Fword@127.0.0.1:5672/%2F", virtualHost.uri().toString());
    }
}
