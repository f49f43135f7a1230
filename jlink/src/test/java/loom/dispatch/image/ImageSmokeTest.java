package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.LinkedImage;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.VirtualHost;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Tests starts of the image: a working one, each subcommand, and each refusal with its exit code.
 */
final class ImageSmokeTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private ImageTestSetup setup;

    @AfterEach
    void stop() throws Exception {
        if (setup != null) {
            setup.close();
        }
    }

    private ImageTestSetup setup() throws Exception {
        setup = new ImageTestSetup();
        return setup;
    }

    private static String refused(int exitCode, Map<String, String> environment, String... args)
            throws Exception {
        try (var image = LinkedImage.start(environment, args)) {
            assertEquals(exitCode, image.awaitExit(LIMIT), image::output);
            List<String> lines =
                    image.output()
                            .lines()
                            .filter(line -> line.startsWith("loom-dispatch:"))
                            .toList();
            assertEquals(1, lines.size(), image::output);
            return lines.getFirst();
        }
    }

    @Test
    void versionAndHelpNeedNoConfiguration() throws Exception {
        try (var image = LinkedImage.start(Map.of(), "version")) {
            assertEquals(0, image.awaitExit(LIMIT), image::output);
            assertTrue(image.output().startsWith("loom-dispatch "), image::output);
        }
        for (String help : List.of("--help", "-h")) {
            try (var image = LinkedImage.start(Map.of(), help)) {
                assertEquals(0, image.awaitExit(LIMIT), image::output);
                assertTrue(image.output().contains("BOT_TOKEN"), image::output);
            }
        }
    }

    @Test
    void servesEventsMetricsAndHealthAndExitsWithCode0() throws Exception {
        setup().startImage();
        setup.awaitReady();
        setup.simulator().events().rate(500);
        setup.awaitEvents(500);
        HttpResponse<String> health = setup.image().get("/healthcheck");
        assertEquals("{\"status\":\"OK\"}", health.body());
        String metrics = setup.image().get("/metrics").body();
        assertTrue(metrics.contains("gateway_events{type=\"READY\",shard=\"0\"} 1"), metrics);
        audit();
        doctor();
        assertTrue(metrics.contains("gateway_statuses{type=\"Connected\"} 4"), metrics);
        assertTrue(metrics.contains("gateway_sequence_settled{shard=\"3\"}"), metrics);
        setup.assertNoEventLost();
        setup.image().terminate();
        assertEquals(0, setup.image().awaitExit(LIMIT), setup.image()::output);
        String log = setup.image().output();
        assertFalse(log.contains("simulated.token"), "the token is a secret");
        assertTrue(log.contains("event=service.draining limit_s=20"), log);
        assertTrue(log.contains("event=service.drained settled=true saved=true"), log);
    }

    /** Runs {@code doctor} beside the running service. */
    private void doctor() throws Exception {
        try (var doctor = LinkedImage.start(setup.environment(), "doctor")) {
            assertEquals(0, doctor.awaitExit(LIMIT), doctor::output);
            for (String subject :
                    List.of(
                            "token",
                            "intents",
                            "queue gateway.send",
                            "redis writes",
                            "shards held")) {
                assertTrue(doctor.output().contains("ok    " + subject), doctor::output);
            }
        }
    }

    /** Runs {@code audit} beside the running service. */
    private void audit() throws Exception {
        setup.simulator().events().pause();
        try (var audit = LinkedImage.start(setup.environment(), "audit")) {
            assertEquals(0, audit.awaitExit(LIMIT), audit::output);
            assertTrue(audit.output().contains("audit drift=0"), audit::output);
            assertTrue(audit.output().contains("audit kind=guild objects="), audit::output);
        }
    }

    @Test
    void missingTokenPrintsOneLineAndExitsWithCode2() throws Exception {
        assertTrue(refused(2, Map.of()).contains("BOT_TOKEN"));
    }

    @Test
    void malformedPortPrintsOneLineAndExitsWithCode2() throws Exception {
        String line = refused(2, Map.of("BOT_TOKEN", "t", "RABBIT_PORT", "fivethousand"));
        assertTrue(line.contains("RABBIT_PORT") && line.contains("1 to 65535"), line);
    }

    @Test
    void reversedShardRangePrintsOneLineAndExitsWithCode2() throws Exception {
        String line = refused(2, Map.of("BOT_TOKEN", "t", "SHARDS_START", "3", "SHARDS_END", "1"));
        assertTrue(line.contains("SHARDS_START=3"), line);
    }

    @Test
    void unknownArgumentsPrintOneLineAndExitWithCode2() throws Exception {
        assertTrue(refused(2, Map.of(), "--frobnicate").contains("--frobnicate"));
    }

    @Test
    void refusedTokenPrintsOneLineAndExitsWithCode3() throws Exception {
        Map<String, String> environment = setup().environment();
        environment.put("BOT_TOKEN", "another.secret.token");
        String line = refused(3, environment);
        assertTrue(line.contains("BOT_TOKEN"), line);
        assertFalse(line.contains("secret"), line);
    }

    @Test
    void queueWithOtherArgumentsPrintsOneLineAndExitsWithCode4() throws Exception {
        VirtualHost host = setup().host();
        assumeTrue(setup.rabbit().isRabbitMq(), "only RabbitMQ refuses other arguments");
        var factory = new ConnectionFactory();
        factory.setHost(host.host());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        factory.setVirtualHost(host.name());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            channel.queueDeclare("gateway.send", true, false, false, Map.of("x-max-length", 10));
        }
        String line = refused(4, setup.environment());
        assertTrue(line.contains("gateway.send"), line);
    }

    @Test
    void waitsForUnavailableRedisUntilSignal() throws Exception {
        Map<String, String> environment = setup().environment();
        setup.redis().stop();
        try (var image = LinkedImage.start(environment)) {
            Eventually.await(
                    "a line about Redis",
                    LIMIT,
                    image::output,
                    () -> image.output().contains("redis."));
            assertTrue(image.isRunning(), image::output);
            image.terminate();
            assertEquals(0, image.awaitExit(LIMIT), image::output);
        }
    }
}
