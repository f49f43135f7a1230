package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.LinkedImage;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.ClientActionRecorder.RestCall;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.ScanParams;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Searches everything that the image emits for its secrets. {@code -Dsecrets.seconds=N} makes the
 * run longer.
 */
final class SecretsTest {
    private static final String RABBIT_PASSWORD = "rabbit-s3cret/@%";
    private static final String REDIS_PASSWORD = "redis-s3cret/@%";
    private static final String PAGE_TOKEN = "page-s3cret/@%";
    private static final int SECONDS = Integer.getInteger("secrets.seconds", 5);

    private static final List<String> SECRETS =
            List.of(
                    "MTA4OTIzNDU2Nzg5MDEyMzQ1Ng.simulated.token",
                    RABBIT_PASSWORD,
                    REDIS_PASSWORD,
                    PAGE_TOKEN);

    @TempDir private Path folder;

    /**
     * Returns the forms of a secret: plain, percent-encoded, in JSON, and in Basic authentication.
     */
    private static Stream<String> forms(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                secret,
                URLEncoder.encode(secret, StandardCharsets.UTF_8),
                secret.replace("/", "\\/"),
                Base64.getEncoder().withoutPadding().encodeToString(bytes));
    }

    private static void assertClean(String where, String text) {
        SECRETS.stream()
                .flatMap(SecretsTest::forms)
                .forEach(form -> {
                    int at = text.indexOf(form);
                    assertFalse(
                            at >= 0,
                            () ->
                                    where
                                            + " holds a secret: …"
                                            + text.substring(
                                                    Math.max(0, at - 200), at + form.length()));
                });
    }

    private String file(String secret) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "secret", ""), secret + "\n")
                .toString();
    }

    private Map<String, String> settings(ImageTestSetup setup, RedisServer redis)
            throws IOException {
        Map<String, String> settings = new HashMap<>();
        settings.put("BOT_TOKEN", "");
        settings.put("BOT_TOKEN_FILE", file(SECRETS.getFirst()));
        settings.put("RABBIT_USERNAME", "keeper");
        settings.put("RABBIT_PASSWORD", "");
        settings.put("RABBIT_PASSWORD_FILE", file(RABBIT_PASSWORD));
        settings.put("REDIS_PORT", Integer.toString(redis.port()));
        settings.put("REDIS_PASSWORD_FILE", file(REDIS_PASSWORD));
        settings.put("PROMETHEUS_TOKEN_FILE", file(PAGE_TOKEN));
        settings.put("LOG_LEVEL", "trace");
        settings.put("LOG_CHANNEL", "111");
        settings.put("LOG_GUILD_CHANNEL", "222");
        settings.put("SPOOL_DIR", folder.resolve("spool").toString());
        return settings;
    }

    @Test
    void emitsNoSecret() throws Exception {
        try (var setup = ImageTestSetup.withOwnRabbit();
                var redis = Servers.redis("--requirepass", REDIS_PASSWORD)) {
            assumeTrue(setup.rabbit().isRabbitMq(), "NOT TESTED: the stand-in has one user");
            setup.rabbit().rabbitmqctl("add_user", "keeper", RABBIT_PASSWORD);
            setup.rabbit().rabbitmqctl("set_permissions", "keeper", ".*", ".*", ".*");
            setup.startImage(settings(setup, redis));
            setup.awaitReady();
            spy(
                    setup,
                    channel -> {
                        channel.queueDeclare(
                                "spy", true, false, false, Map.of("x-max-length", 2_000));
                        channel.queueBind("spy", "gateway", "#");
                    });
            setup.simulator().events().rate(500);
            live(setup, redis);
            pages(setup);
            assertClean(
                    "the process list",
                    Files.readString(Path.of("/proc/" + setup.image().pid() + "/cmdline")));
            assertClean(
                    "RabbitMQ's list of connections",
                    setup.rabbit().rabbitmqctl("list_connections", "name", "client_properties"));
            setup.image().terminate();
            assertEquals(0, setup.image().awaitExit(ImageTestSetup.TIMEOUT), setup.image()::output);
            assertClean("the log", setup.image().output());
            assertTrue(setup.image().output().contains("level=debug"), "it was told everything");
            posts(setup);
            redis(redis);
            spy(
                    setup,
                    channel -> {
                        GetResponse next = channel.basicGet("spy", true);
                        for (int i = 0; i < 2_000 && next != null; i++) {
                            assertClean("an event's properties", next.getProps().toString());
                            assertClean(
                                    "an event", new String(next.getBody(), StandardCharsets.UTF_8));
                            next = channel.basicGet("spy", true);
                        }
                    });
        }
    }

    @FunctionalInterface
    private interface Use {
        void on(Channel channel) throws IOException;
    }

    private static void spy(ImageTestSetup setup, Use use) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(setup.host().uri());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            use.on(channel);
        }
    }

    /** Causes log messages: outages, refusals, lost sessions, malformed commands. */
    private static void live(ImageTestSetup setup, RedisServer redis) throws Exception {
        setup.awaitEvents(500);
        setup.simulator().faults().failRest("/messages", 401);
        setup.simulator().faults().cut(_ -> true);
        setup.awaitEvents(200);
        setup.simulator().faults().invalidate(shard -> shard == 0, false);
        setup.simulator().faults().close(shard -> shard == 1, 4000);
        spy(
                setup,
                channel -> channel.basicPublish("", "gateway.send", null, "{\"op\":0}".getBytes()));
        redis.kill();
        redis.start();
        setup.rabbit().kill();
        setup.rabbit().start();
        setup.awaitEvents(500);
        LockSupport.parkNanos(Duration.ofSeconds(SECONDS).toNanos());
        setup.simulator().faults().restoreRest();
        setup.simulator().events().pause();
        setup.awaitReady();
    }

    private static void pages(ImageTestSetup setup) throws Exception {
        URI base = setup.image().http().orElseThrow();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path :
                    List.of("/", "/page.js", "/status", "/metrics", "/livez", "/readyz", "/none")) {
                for (String authorization : List.of("Bearer " + PAGE_TOKEN, "Bearer wrong")) {
                    HttpResponse<String> response =
                            client.send(
                                    HttpRequest.newBuilder(base.resolve(path))
                                            .header("Authorization", authorization)
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());
                    assertClean(path, response.headers().map() + response.body());
                }
            }
        }
    }

    private static void posts(ImageTestSetup setup) {
        List<RestCall> posts =
                setup.simulator().recorder().restCalls().stream()
                        .filter(call -> call.path().contains("/messages"))
                        .toList();
        assertFalse(posts.isEmpty());
        posts.forEach(post -> assertClean("a log channel", post.path() + post.body()));
    }

    private static void redis(RedisServer server) {
        try (RedisClient redis =
                RedisClient.builder()
                        .hostAndPort(server.host(), server.port())
                        .clientConfig(
                                DefaultJedisClientConfig.builder().password(REDIS_PASSWORD).build())
                        .build()) {
            String cursor = ScanParams.SCAN_POINTER_START;
            int keys = 0;
            do {
                var page = redis.scan(cursor);
                for (String key : page.getResult()) {
                    assertClean("the key " + key, key + value(redis, key));
                    keys++;
                }
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
            assertTrue(keys > 100, keys + " keys only");
        }
    }

    private static String value(RedisClient redis, String key) {
        try {
            return switch (redis.type(key)) {
                case "string" -> String.valueOf(redis.get(key));
                case "hash" -> redis.hgetAll(key).toString();
                case "set" -> redis.smembers(key).toString();
                case "zset" -> redis.zrange(key, 0, -1).toString();
                default -> throw new AssertionError(key + " is a " + redis.type(key));
            };
        } catch (JedisDataException expired) {
            return "";
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BOT_TOKEN, 'rabbit-s3cret/@% '' x'",
        "RABBIT_URI, 'http://keeper:rabbit-s3cret/@%@127.0.0.1'",
        "RABBIT_URI, 'amqp://keeper:rabbit-s3cret/@%@127.0.0.1:port/'",
        "REDIS_URI, 'redis://:redis-s3cret/@%@127.0.0.1:port'",
        "REDIS_URI, 'redis-sentinel://:redis-s3cret/@%@127.0.0.1'",
        "REDIS_URI, 'redis-s3cret/@%'",
    })
    void malformedSecretIsNotPrinted(String variable, String value) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("BOT_TOKEN", "a.b.c");
        environment.put(variable, value);
        // audit reads only the settings of Redis
        List<String> commands =
                variable.equals("REDIS_URI") ? List.of("doctor", "audit") : List.of("doctor");
        for (String command : commands) {
            try (var image = LinkedImage.start(environment, command)) {
                assertEquals(2, image.awaitExit(ImageTestSetup.TIMEOUT), image::output);
                assertClean(variable, image.output());
            }
        }
        try (var image = LinkedImage.start(environment)) {
            assertEquals(2, image.awaitExit(ImageTestSetup.TIMEOUT), image::output);
            assertClean(variable, image.output());
        }
    }
}
