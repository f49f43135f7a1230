package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.app.config.BrokerConfigFactory;
import loom.dispatch.app.config.Environment;
import loom.dispatch.app.config.RedisSettings;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.doctor.DiscordChecks;
import loom.dispatch.app.doctor.DoctorCommand;
import loom.dispatch.app.doctor.DoctorFinding;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.ProcessIdentity;
import loom.dispatch.broker.Broker;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.ShardLease;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code doctor} finds what would prevent a start, and changes nothing. */
final class DoctorTest {
    private static final String PASSWORD = "s3cret-password";

    /** No test declares anything here. */
    private static final VirtualHost EMPTY = Servers.sharedRabbit().newVirtualHost();

    private final Map<String, String> environment = new HashMap<>();
    private Simulator simulator;
    private RedisServer redis;
    private ExitCode exitCode;

    @BeforeEach
    void start() throws Exception {
        discord(SimulatorConfig.standard().withShards(4));
        redis("--requirepass", PASSWORD, "--appendonly", "yes");
        environment.put("REDIS_PASSWORD", PASSWORD);
        rabbit(EMPTY);
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
        redis.close();
    }

    private void discord(SimulatorConfig config) throws IOException {
        if (simulator != null) {
            simulator.close();
        }
        simulator = Simulator.start(config);
        environment.put("BOT_TOKEN", config.token());
        environment.put("DISCORD_API_URL", simulator.restUri().toString());
    }

    private void rabbit(VirtualHost host) {
        environment.put("RABBIT_URI", host.uri().toString());
    }

    private void redis(String... arguments) {
        if (redis != null) {
            redis.close();
        }
        redis = Servers.redis(arguments);
        environment.put("REDIS_HOST", redis.host());
        environment.put("REDIS_PORT", Integer.toString(redis.port()));
    }

    private String examine() throws Exception {
        var out = new ByteArrayOutputStream();
        exitCode =
                DoctorCommand.run(
                        new Environment(Map.of(), environment),
                        new PrintStream(out, true, StandardCharsets.UTF_8));
        String text = out.toString(StandardCharsets.UTF_8);
        assertFalse(text.contains(PASSWORD) || text.contains(environment.get("BOT_TOKEN")), text);
        return text;
    }

    /** Asserts that a line has this verdict, subject and text. */
    private void assertFinding(String verdict, String subject, String part) throws Exception {
        String text = examine();
        assertTrue(
                text.lines()
                        .filter(line -> line.startsWith(verdict + " "))
                        .filter(line -> line.substring(6).startsWith(subject))
                        .anyMatch(line -> line.contains(part)),
                text);
    }

    private String rabbitmqctl(String... arguments) {
        assumeTrue(Servers.sharedRabbit().isRabbitMq(), "needs rabbitmqctl");
        return Servers.sharedRabbit().rabbitmqctl(arguments);
    }

    /** Declares what a start with this configuration declares. */
    private void startOnce() throws Exception {
        Settings settings = Settings.from(new Environment(Map.of(), environment));
        Broker.connect(BrokerConfigFactory.broker(settings), _ -> {}).close(Duration.ZERO);
    }

    @Test
    void reportsNoProblemBeforeFirstStartAndDeclaresNothing() throws Exception {
        String text = examine();
        assertEquals(ExitCode.CLEAN, exitCode, text);
        assertFalse(text.contains("FAIL") || text.contains("warn"), text);
        for (String subject :
                new String[] {
                    "token",
                    "intents",
                    "shards",
                    "session budget",
                    "clock",
                    "rabbitmq",
                    "queue gateway.send",
                    "exchange gateway",
                    "queue gateway.recv",
                    "redis ",
                    "redis memory",
                    "redis writes"
                }) {
            assertTrue(text.contains("ok    " + subject), text);
        }
        assertFalse(
                rabbitmqctl("list_queues", "-p", EMPTY.name(), "name").contains("gateway"),
                "doctor declares nothing");
    }

    @Test
    void reportsNoProblemAfterStartAndPublishesNothing() throws Exception {
        rabbit(Servers.sharedRabbit().newVirtualHost());
        startOnce();
        String text = examine();
        assertEquals(ExitCode.CLEAN, exitCode, text);
        assertTrue(text.contains("exists; 0 messages, 0 consumers"), text);
        String measured = "[0-9.]+ (ms|MB)";
        assertEquals(text.replaceAll(measured, ""), examine().replaceAll(measured, ""));
    }

    @Test
    void reportsWrongToken() throws Exception {
        environment.put("BOT_TOKEN", "another.wrong.token");
        assertFinding("FAIL", "token", "check BOT_TOKEN");
        assertEquals(ExitCode.DISCORD_REFUSED, exitCode);
    }

    @Test
    void reportsIntentThatIsNotGranted() throws Exception {
        discord(SimulatorConfig.standard().withAllowedIntents(1 | 1 << 1));
        environment.put("INTENTS", "GUILDS,GUILD_MEMBERS,MESSAGE_CONTENT");
        assertFinding("FAIL", "intents", "not granted: MESSAGE_CONTENT;");
        assertEquals(ExitCode.DISCORD_REFUSED, exitCode);
    }

    @Test
    void reportsLowSessionLimit() throws Exception {
        simulator.faults().startsRemaining(53);
        assertFinding("warn", "session budget", "53 of 1000 IDENTIFYs are left");
        assertEquals(ExitCode.CLEAN, exitCode);
    }

    @Test
    void reportsShardsBeyondTotal() throws Exception {
        environment.put("SHARDS_START", "4");
        assertFinding("FAIL", "shards", "SHARDS_START=4");
        assertEquals(ExitCode.CONFIGURATION, exitCode);
    }

    @Test
    void unavailableDiscordIsNoRefusal() throws Exception {
        simulator.faults().restStatus(503);
        assertFinding("FAIL", "discord", "503");
        assertEquals(ExitCode.FAILED, exitCode);
    }

    @ParameterizedTest
    @CsvSource({
        "0, ok, equal to",
        "1900, ok, equal to",
        "2500, warn, this machine is 2.5 s behind Discord",
        "-2500, warn, this machine is 2.5 s ahead of Discord",
        "-1900, ok, equal to"
    })
    void reportsClockDifference(long offsetMillis, String verdict, String text) {
        Instant now = Instant.now();
        DoctorFinding finding =
                DiscordChecks.clock("Discord", now.plus(Duration.ofMillis(offsetMillis)), now, now);
        assertTrue(finding.line().startsWith(verdict), finding::line);
        assertTrue(finding.text().startsWith(text), finding::line);
    }

    @Test
    void reportsWrongRabbitMqPassword() throws Exception {
        environment.put(
                "RABBIT_URI", environment.get("RABBIT_URI").replaceFirst(":[^:@]+@", ":x@"));
        assertFinding("FAIL", "rabbitmq", "refused the user name or the password");
        assertEquals(ExitCode.TOPOLOGY, exitCode);
    }

    @Test
    void reportsQueueWithOtherArgumentsAndKeepsIt() throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        rabbit(host);
        environment.put("RABBIT_QUEUE_MESSAGES", "9");
        startOnce();
        environment.remove("RABBIT_QUEUE_MESSAGES");
        assumeTrue(
                Servers.sharedRabbit().isRabbitMq(),
                "the stand-in does not compare queue arguments");
        assertFinding("FAIL", "queue gateway.recv", "another 'x-max-length'");
        assertEquals(ExitCode.TOPOLOGY, exitCode);
        assertTrue(
                rabbitmqctl("list_queues", "-p", host.name(), "name", "arguments")
                        .contains("x-max-length"));
    }

    @ParameterizedTest
    @CsvSource({
        "'^$', .*, .*, exchange gateway",
        ".*, '^$', .*, exchange gateway",
        ".*, .*, '^$', queue gateway.send",
    })
    void reportsEachMissingPermission(String configure, String write, String read, String subject)
            throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        rabbit(host);
        startOnce();
        String user = "user-" + System.nanoTime();
        rabbitmqctl("add_user", user, "pw");
        rabbitmqctl("set_permissions", "-p", host.name(), user, configure, write, read);
        environment.put(
                "RABBIT_URI",
                environment.get("RABBIT_URI").replaceFirst("//[^@]+@", "//" + user + ":pw@"));
        assertFinding("FAIL", subject, "permission");
        assertEquals(ExitCode.TOPOLOGY, exitCode);
    }

    @Test
    void unavailableRabbitMqIsNoRefusalAndNextHostIsTried() throws Exception {
        String uri = environment.get("RABBIT_URI");
        environment.put("RABBIT_URI", "amqp://127.0.0.1:1");
        assertFinding("FAIL", "rabbitmq", "127.0.0.1:1: Connection refused; check that it runs,");
        assertEquals(ExitCode.FAILED, exitCode);
        environment.put("RABBIT_URI", uri.replaceFirst("@", "@127.0.0.1:1,"));
        assertFinding("warn", "rabbitmq", "no answer: 127.0.0.1:1");
        assertEquals(ExitCode.CLEAN, exitCode);
    }

    @Test
    void reportsWrongRedisPassword() throws Exception {
        environment.put("REDIS_PASSWORD", "wrong");
        assertFinding("FAIL", "redis", "; set REDIS_PASSWORD");
        assertEquals(ExitCode.TOPOLOGY, exitCode);
    }

    @Test
    void unavailableRedisIsNoRefusal() throws Exception {
        redis.stop();
        assertFinding("FAIL", "redis", "no answer");
        assertEquals(ExitCode.FAILED, exitCode);
    }

    @Test
    void reportsRedisThatEvictsKeys() throws Exception {
        redis(
                "--requirepass",
                PASSWORD,
                "--maxmemory",
                "50mb",
                "--maxmemory-policy",
                "allkeys-lru");
        assertFinding("warn", "redis memory", "set maxmemory-policy noeviction");
    }

    @Test
    void reportsFullRedis() throws Exception {
        redis("--requirepass", PASSWORD, "--maxmemory", "1kb");
        assertFinding("FAIL", "redis writes", "; free memory or raise maxmemory");
        assertEquals(ExitCode.FAILED, exitCode);
    }

    @Test
    void reportsRedisWithoutPersistence() throws Exception {
        redis("--requirepass", PASSWORD, "--appendonly", "no");
        assertFinding("warn", "redis persistence", "set appendonly yes");
    }

    @Test
    void reportsProcessThatHoldsShardsAndLeavesItsLease() throws Exception {
        var config = RedisSettings.from(new Environment(Map.of(), environment));
        try (RedisClient connected = RedisClient.connect(config)) {
            var holder = ProcessIdentity.as(1, 2, 4);
            var lease = new ShardLease(connected, holder, Duration.ofMinutes(1));
            assertEquals(List.of(), lease.take(List.of()));
            assertFinding("ok", "shards held", "1 to 2 of 4 by process " + holder.pid());
            assertEquals(List.of(), lease.take(List.of()), "the lease is unchanged");
            lease.release();
            assertFalse(examine().contains("shards held"));
        }
    }

    @Test
    void reportsSpoolFolderThatIsNotWritableOrTooSmall(@TempDir Path folder) throws Exception {
        environment.put("SPOOL_DIR", folder.resolve("not/yet").toString());
        assertFinding("ok", "spool", "limit 1024 MB");
        environment.put("SPOOL_MB", "1000000000");
        assertFinding("warn", "spool", "free space");
        environment.put("SPOOL_DIR", Files.createFile(folder.resolve("file")).toString());
        assertFinding("FAIL", "spool", "is not a writable folder");
        assertEquals(ExitCode.CONFIGURATION, exitCode);
    }

    @Test
    void reportsUnknownVariable() throws Exception {
        environment.put("RABIT_URI", "x");
        assertFinding("warn", "configuration", "did you mean RABBIT_URI");
    }
}
