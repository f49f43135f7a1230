package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.rabbit.RabbitInstallation;
import loom.dispatch.servers.redis.RedisBinary;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Optional;

/** Tests the choice of server sources and its announcement. */
final class ServersTest {
    private static final Optional<RabbitInstallation> RABBIT =
            Optional.of(new RabbitInstallation(Path.of("/opt/rabbit"), "4.1.0"));
    private static final Optional<RedisBinary.Installed> REDIS =
            Optional.of(new RedisBinary.Installed(Path.of("/opt/redis-server"), "8.0.0"));

    private static String chosen(ServerSource best, AvailableServers available) {
        return available.announcement(available.rabbit(best), available.redis(best));
    }

    @Test
    void prefersContainersThenInstalledProgramsThenEmbeddedServers() {
        assertEquals(
                "servers: RabbitMQ (rabbitmq:4.1-alpine) in a container,"
                        + " Redis (redis:8.2-alpine) in a container",
                chosen(ServerSource.CONTAINER, new AvailableServers(true, RABBIT, REDIS)));
        assertEquals(
                "servers: RabbitMQ 4.1.0 as own process, Redis 8.0.0 as own process",
                chosen(ServerSource.CONTAINER, new AvailableServers(false, RABBIT, REDIS)));
        assertEquals(
                "servers: Qpid 10.1.0 instead of RabbitMQ embedded, Redis 8.0.0 as own process",
                chosen(
                        ServerSource.CONTAINER,
                        new AvailableServers(false, Optional.empty(), REDIS)));
        assertEquals(
                "servers: RabbitMQ 4.1.0 as own process, Redis 7.0.15 embedded",
                chosen(
                        ServerSource.CONTAINER,
                        new AvailableServers(false, RABBIT, Optional.empty())));
    }

    @Test
    void settingNamesFirstSourceToTry() {
        var everything = new AvailableServers(true, RABBIT, REDIS);
        assertEquals(ServerSource.PROCESS, everything.rabbit(ServerSource.PROCESS));
        assertEquals(ServerSource.EMBEDDED, everything.rabbit(ServerSource.EMBEDDED));
        assertEquals(ServerSource.EMBEDDED, everything.redis(ServerSource.EMBEDDED));
        assertEquals(ServerSource.EMBEDDED, ServerSource.parse("Embedded"));
        var wrong =
                assertThrows(IllegalArgumentException.class, () -> ServerSource.parse("docker"));
        assertTrue(wrong.getMessage().contains("docker"));
        assertTrue(wrong.getMessage().contains("container, process or embedded"));
    }

    @Test
    void testsOfOneJvmShareOneBroker() throws Exception {
        RabbitServer rabbit = Servers.sharedRabbit();
        assertSame(rabbit, Servers.sharedRabbit());
        VirtualHost virtualHost = rabbit.newVirtualHost();
        RabbitServerTests.publish(virtualHost, "q");
        assertEquals(200, RabbitServerTests.count(virtualHost, "q"));
        try (var redis = Servers.redis();
                var jedis = RedisServerTests.connect(redis)) {
            assertEquals("PONG", jedis.ping());
        }
    }

    @Test
    void virtualHostUriIsPercentEncoded() {
        var virtualHost = new VirtualHost("127.0.0.1", 5672, "guest", "p@ss/word", "/");
        assertEquals("amqp://guest:p%40ss%2Fword@127.0.0.1:5672/%2F", virtualHost.uri().toString());
    }
}
