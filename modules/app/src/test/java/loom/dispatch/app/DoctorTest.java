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

/** The doctor sees what would keep the service from working, and leaves everything as it was. */
final class DoctorTest {
    private static final String PASSWORD = "s3cret-password";

    /** Nobody declares anything there. */
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

    /** The line about it, which begins with that verdict. */
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
        assumeTrue(Servers.sharedRabbit().isRabbitMq(), "only RabbitMQ can tell and refuse");
        return Servers.sharedRabbit().rabbitmqctl(arguments);
    }

    /** Leaves RabbitMQ as a start with this configuration leaves it. */
    private void startOnce() throws Exception {
        Settings settings = Settings.from(new Environment(Map.of(), environment));
        Broker.connect(BrokerConfigFactory.broker(settings), _ -> {}).close(Duration.ZERO);
    }

    @Test
    void allIsWellBeforeTheFirstStartAndNothingIsMadeByLooking() throws Exception {
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
                "looking declares nothing");
    }

    @Test
    void allIsWellAfterAStartAndNoEventIsPublishedByLooking() throws Exception {
        rabbit(Servers.sharedRabbit().newVirtualHost());
        startOnce();
        String text = examine();
        assertEquals(ExitCode.CLEAN, exitCode, text);
        assertTrue(text.contains("as it should be; 0 messages, 0 consumers"), text);
        String measured = "[0-9.]+ (ms|MB)";
        assertEquals(text.replaceAll(measured, ""), examine().replaceAll(measured, ""));
    }

    @Test
    void aWrongTokenIsSeen() throws Exception {
        environment.put("BOT_TOKEN", "another.wrong.token");
        assertFinding("FAIL", "token", "check BOT_TOKEN");
        assertEquals(ExitCode.DISCORD_REFUSED, exitCode);
    }

    @Test
    void anIntentThatIsNotGrantedIsSeen() throws Exception {
        discord(SimulatorConfig.standard().withAllowedIntents(1 | 1 << 1));
        environment.put("INTENTS", "GUILDS,GUILD_MEMBERS,MESSAGE_CONTENT");
        assertFinding("FAIL", "intents", "not granted: MESSAGE_CONTENT;");
        assertEquals(ExitCode.DISCORD_REFUSED, exitCode);
    }

    @Test
    void aSpentSessionBudgetIsSeen() throws Exception {
        simulator.faults().startsRemaining(53);
        assertFinding("warn", "session budget", "53 of 1000 IDENTIFYs are left");
        assertEquals(ExitCode.CLEAN, exitCode);
    }

    @Test
    void shardsThatDoNotFitAreSeen() throws Exception {
        environment.put("SHARDS_START", "4");
        assertFinding("FAIL", "shards", "SHARDS_START=4");
        assertEquals(ExitCode.CONFIGURATION, exitCode);
    }

    @Test
    void aDiscordThatIsAwayIsNoRefusal() throws Exception {
        simulator.faults().restStatus(503);
        assertFinding("FAIL", "discord", "503");
        assertEquals(ExitCode.FAILED, exitCode);
    }

    @ParameterizedTest
    @CsvSource({
        "0, ok, as that of",
        "1900, ok, as that of",
        "2500, warn, ours is 2.5 s behind that of Discord",
        "-2500, warn, ours is 2.5 s ahead of that of Discord",
        "-1900, ok, as that of"
    })
    void aClockThatIsOffIsSeen(long offsetMillis, String verdict, String text) {
        Instant now = Instant.now();
        DoctorFinding finding =
                DiscordChecks.clock("Discord", now.plus(Duration.ofMillis(offsetMillis)), now, now);
        assertTrue(finding.line().startsWith(verdict), finding::line);
        assertTrue(finding.text().startsWith(text), finding::line);
    }

    @Test
    void aWrongPasswordOfRabbitMqIsSeen() throws Exception {
        environment.put(
                "RABBIT_URI", environment.get("RABBIT_URI").replaceFirst(":[^:@]+@", ":x@"));
        assertFinding("FAIL", "rabbitmq", "refused the user name or the password");
        assertEquals(ExitCode.TOPOLOGY, exitCode);
    }

    @Test
    void aQueueWithOtherArgumentsIsSeenAndLeftAlone() throws Exception {
        VirtualHost host = Servers.sharedRabbit().newVirtualHost();
        rabbit(host);
        environment.put("RABBIT_QUEUE_MESSAGES", "9");
        startOnce();
        environment.remove("RABBIT_QUEUE_MESSAGES");
        assumeTrue(Servers.sharedRabbit().isRabbitMq(), "only RabbitMQ minds");
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
    void eachPermissionThatIsMissingIsSeen(
            String configure, String write, String read, String subject) throws Exception {
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
    void aRabbitMqThatIsAwayIsNoRefusalAndTheNextHostIsAsked() throws Exception {
        String uri = environment.get("RABBIT_URI");
        environment.put("RABBIT_URI", "amqp://127.0.0.1:1");
        assertFinding("FAIL", "rabbitmq", "127.0.0.1:1: Connection refused; is it running,");
        assertEquals(ExitCode.FAILED, exitCode);
        environment.put("RABBIT_URI", uri.replaceFirst("@", "@127.0.0.1:1,"));
        assertFinding("warn", "rabbitmq", "away: 127.0.0.1:1");
        assertEquals(ExitCode.CLEAN, exitCode);
    }

    @Test
    void aWrongPasswordOfRedisIsSeen() throws Exception {
        environment.put("REDIS_PASSWORD", "wrong");
        assertFinding("FAIL", "redis", "; set REDIS_PASSWORD");
        assertEquals(ExitCode.TOPOLOGY, exitCode);
    }

    @Test
    void aRedisThatIsAwayIsNoRefusal() throws Exception {
        redis.stop();
        assertFinding("FAIL", "redis", "no answer now");
        assertEquals(ExitCode.FAILED, exitCode);
    }

    @Test
    void aRedisThatDropsKeysWhenFullIsSeen() throws Exception {
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
    void aRedisThatIsFullIsSeen() throws Exception {
        redis("--requirepass", PASSWORD, "--maxmemory", "1kb");
        assertFinding("FAIL", "redis writes", "; make room or raise maxmemory");
        assertEquals(ExitCode.FAILED, exitCode);
    }

    @Test
    void aRedisThatForgetsInACrashIsSeen() throws Exception {
        redis("--requirepass", PASSWORD, "--appendonly", "no");
        assertFinding("warn", "redis persistence", "set appendonly yes");
    }

    @Test
    void aProcessThatHoldsShardsIsSeenAndKeepsThem() throws Exception {
        var config = RedisSettings.from(new Environment(Map.of(), environment));
        try (RedisClient connected = RedisClient.connect(config)) {
            var holder = ProcessIdentity.as(1, 2, 4);
            var lease = new ShardLease(connected, holder, Duration.ofMinutes(1));
            assertEquals(List.of(), lease.take(List.of()));
            assertFinding("ok", "shards held", "1 to 2 of 4 by process " + holder.pid());
            assertEquals(List.of(), lease.take(List.of()), "it is held as before");
            lease.release();
            assertFalse(examine().contains("shards held"));
        }
    }

    @Test
    void aSpoolThatCannotBeWrittenOrHasNoRoomIsSeen(@TempDir Path folder) throws Exception {
        environment.put("SPOOL_DIR", folder.resolve("not/yet").toString());
        assertFinding("ok", "spool", "may take 1024 MB");
        environment.put("SPOOL_MB", "1000000000");
        assertFinding("warn", "spool", "make room");
        environment.put("SPOOL_DIR", Files.createFile(folder.resolve("file")).toString());
        assertFinding("FAIL", "spool", "no folder");
        assertEquals(ExitCode.CONFIGURATION, exitCode);
    }

    @Test
    void aVariableThatNobodyReadsIsSeen() throws Exception {
        environment.put("RABIT_URI", "x");
        assertFinding("warn", "configuration", "did you mean RABBIT_URI");
    }
}
