package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.broker.Endpoint;
import loom.dispatch.broker.RabbitUri;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Tests the settings: the file of twilight-dispatch works, and all errors are reported at once. */
final class SettingsTest {
    private static final String TWILIGHT_EXAMPLE =
            """
            RUST_LOG=info

            BOT_TOKEN=

            SHARDS_START=0
            SHARDS_END=1
            SHARDS_TOTAL=2
            SHARDS_CONCURRENCY=1
            SHARDS_WAIT=6
            CLUSTERS=2

            DEFAULT_QUEUE=true
            RESUME=true
            INTENTS=32767
            LARGE_THRESHOLD=250
            STATUS=online
            ACTIVITY_TYPE=0
            ACTIVITY_NAME=Testing

            LOG_CHANNEL=
            LOG_GUILD_CHANNEL=

            STATE_ENABLED=true
            STATE_MEMBER=true
            STATE_MEMBER_TTL=60000
            STATE_MESSAGE=true
            STATE_MESSAGE_TTL=60000
            STATE_PRESENCE=true
            STATE_EMOJI=true
            STATE_VOICE=true
            STATE_OLD=false

            RABBIT_HOST=127.0.0.1
            RABBIT_PORT=5672
            RABBIT_USERNAME=guest
            RABBIT_PASSWORD=guest

            REDIS_HOST=127.0.0.1
            REDIS_PORT=6379

            PROMETHEUS_HOST=127.0.0.1
            PROMETHEUS_PORT=8005
            """;

    private static Settings settings(Map<String, String> process) throws StartFailure {
        return Settings.from(new Environment(DotEnvFile.parse(TWILIGHT_EXAMPLE), process));
    }

    private static String problems(String... pairs) {
        Map<String, String> process = new HashMap<>();
        process.put("BOT_TOKEN", "secret-token");
        for (String pair : pairs) {
            process.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
        }
        StartFailure failure = assertThrows(StartFailure.class, () -> settings(process));
        assertEquals(ExitCode.CONFIGURATION, failure.exitCode());
        assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
        return failure.getMessage();
    }

    @Test
    void exampleFileOfTwilightDispatchNeedsOnlyToken() throws Exception {
        Settings settings = settings(Map.of("BOT_TOKEN", "secret-token"));
        assertEquals(OptionalInt.of(1), settings.shards().last());
        assertEquals(OptionalInt.of(2), settings.shards().total());
        assertEquals(32767, settings.discord().intents());
        assertEquals(Duration.ofSeconds(6), settings.shards().identifyInterval());
        assertEquals("Testing", settings.discord().presence().activityName());
        assertFalse(settings.toString().contains("secret"));
    }

    @Test
    void rustLogCanBeOff() throws Exception {
        Settings settings = settings(Map.of("BOT_TOKEN", "t", "RUST_LOG", "off"));
        assertEquals(System.Logger.Level.OFF, settings.service().logLevel());
    }

    @Test
    void processEnvironmentOverridesDotEnvFile() throws Exception {
        Settings settings = settings(Map.of("BOT_TOKEN", "t", "RABBIT_PORT", "5673"));
        assertEquals(5673, settings.rabbit().uri().endpoints().getFirst().port());
    }

    @Test
    void passwordVariableIsUsedUnchanged() throws Exception {
        RabbitUri uri =
                settings(Map.of("BOT_TOKEN", "t", "RABBIT_PASSWORD", "p%40@ss/w:o#rd?"))
                        .rabbit()
                        .uri();
        assertEquals("p%40@ss/w:o#rd?", uri.password().reveal());
        assertEquals("/", uri.virtualHost());
    }

    @Test
    void rabbitUriNamesClusterAndOverridesSingleVariables() throws Exception {
        RabbitUri uri =
                settings(
                                Map.of(
                                        "BOT_TOKEN",
                                        "t",
                                        "RABBIT_HOST",
                                        "other",
                                        "RABBIT_URI",
                                        "amqps://u:p%40w@a,b:7/bots%2Fone"))
                        .rabbit()
                        .uri();
        assertEquals(List.of(new Endpoint("a", 5671), new Endpoint("b", 7)), uri.endpoints());
        assertEquals("p@w", uri.password().reveal());
        assertEquals("bots/one", uri.virtualHost());
        assertTrue(uri.tls());
    }

    @Test
    void invalidRabbitUriIsRefusedAndNotShown() {
        String message = problems("RABBIT_URI=amqp://u:secret");
        assertTrue(message.contains("RABBIT_URI=***: allowed is amqp[s]://"), message);
    }

    @Test
    void unusableCaFileIsNamed(@TempDir Path folder) throws Exception {
        String missing = problems("RABBIT_TLS=true", "RABBIT_TLS_CA=" + folder.resolve("no.pem"));
        assertTrue(missing.contains("no.pem\": no such file"), missing);
        Path other = Files.writeString(folder.resolve("other.pem"), "what is this?");
        String none = problems("RABBIT_TLS=true", "RABBIT_TLS_CA=" + other);
        assertTrue(none.contains("other.pem\": it contains no"), none);
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        String unused = problems("RABBIT_TLS_CA=" + empty);
        assertTrue(unused.contains("it contains no certificate"), unused);
        assertTrue(unused.contains("but TLS is off"), unused);
    }

    @Test
    void invalidFiltersAndQueuesAreRefused() {
        String message =
                problems(
                        "EVENTS_DENY=message.create",
                        "RABBIT_QUEUE_TYPE=unset",
                        "RABBIT_GUILD_QUEUES=257");
        assertTrue(message.contains("EVENTS_DENY=\"message.create\": allowed is"), message);
        assertTrue(message.contains("RABBIT_QUEUE_TYPE=\"unset\": allowed is classic |"), message);
        assertTrue(message.contains("RABBIT_GUILD_QUEUES=\"257\": allowed is"), message);
        String stream = problems("RABBIT_QUEUE_TYPE=stream", "RABBIT_QUEUE_MESSAGES=5");
        assertTrue(stream.contains("a stream supports only a limit of bytes"), stream);
    }

    @Test
    void allowListAlwaysIncludesDispatchGap() throws Exception {
        EventFilter few =
                settings(Map.of("BOT_TOKEN", "t", "EVENTS_ALLOW", "MESSAGE_*")).publish().filter();
        assertTrue(few.admits("MESSAGE_CREATE") && few.admits("DISPATCH_GAP"));
        assertFalse(few.admits("TYPING_START"));
    }

    @Test
    void missingTokenIsReported() {
        StartFailure failure = assertThrows(StartFailure.class, () -> settings(Map.of()));
        assertTrue(failure.getMessage().contains("BOT_TOKEN"));
        assertEquals(1, failure.getMessage().lines().count());
    }

    @Test
    void reportsAllErrorsAtOnceWithAllowedValues() {
        String message =
                problems(
                        "RABBIT_PORT=abc", "STATUS=asleep", "SHARDS_START=5", "STATE_ENABLED=True");
        assertTrue(message.contains("RABBIT_PORT=\"abc\": allowed is port, 1 to 65535"), message);
        assertTrue(message.contains("STATUS=\"asleep\": allowed is online |"), message);
        assertTrue(message.contains("SHARDS_START=5 is greater than SHARDS_END=1"), message);
    }

    @Test
    void shardsBeyondTotalAreRefused() {
        assertTrue(problems("SHARDS_TOTAL=1").contains("SHARDS_TOTAL=1"));
    }

    @Test
    void valuesMayBeInQuotes() throws Exception {
        Settings settings =
                settings(Map.of("BOT_TOKEN", "t", "STATUS", "\"idle\"", "RABBIT_PORT", "\"5673\""));
        assertEquals("idle", settings.discord().presence().status());
        assertEquals(5673, settings.rabbit().uri().endpoints().getFirst().port());
    }

    @Test
    void largeThresholdIsSetToNearestLimit() throws Exception {
        Map<String, String> process = Map.of("BOT_TOKEN", "t", "LARGE_THRESHOLD", "1000");
        assertEquals(250, settings(process).discord().largeThreshold());
    }

    @Test
    void variableThatKubernetesSetsIsExplained() {
        String message = problems("REDIS_PORT=tcp://10.0.0.7:6379");
        assertTrue(message.contains("enableServiceLinks: false"), message);
    }

    @Test
    void invalidHttpAddressIsReported() {
        String message = problems("PROMETHEUS_HOST=no host");
        assertTrue(message.startsWith("PROMETHEUS_HOST=\"no host\": allowed is"), message);
    }

    @Test
    void identifyIntervalIsAtLeastFiveSecondsForDiscord() throws Exception {
        Map<String, String> fast = Map.of("BOT_TOKEN", "t", "SHARDS_WAIT", "0");
        assertTrue(settings(fast).shards().identifyInterval().toMillis() >= 5000);
        Map<String, String> fake = new HashMap<>(fast);
        fake.put("DISCORD_API_URL", "http://127.0.0.1:1/api/v10");
        assertEquals(Duration.ZERO, settings(fake).shards().identifyInterval());
    }

    @Test
    void readsAllFormsOfDotEnvFile() {
        Map<String, String> values =
                DotEnvFile.parse("export A=1\n# B=2\nC=\"x # y\"\nD='q'\nE=v # note\nF=a=b|c\n\nG");
        assertEquals(Map.of("A", "1", "C", "x # y", "D", "q", "E", "v", "F", "a=b|c"), values);
    }

    @Test
    void helpShowsEveryVariableWithUnitAndDefault() {
        List<String> lines = HelpText.text().lines().toList();
        for (EnvironmentVariable<?> variable : Settings.VARIABLES) {
            String line =
                    lines.stream()
                            .filter(it -> it.startsWith("  " + variable.name() + " "))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(variable.name()));
            String fallback = variable.fallback();
            String end = fallback.isEmpty() ? ")" : ", default " + fallback + ")";
            assertTrue(line.endsWith("(" + variable.allowed() + end), line);
        }
    }

    @Test
    void exampleFileHasVariablesOfTwilightDispatchAndAllNewOnes() throws Exception {
        String example = Files.readString(Path.of("../../.env.example"));
        assertEquals(
                TWILIGHT_EXAMPLE.lines().filter(line -> !line.isEmpty()).toList(),
                example.lines().filter(line -> line.matches("[A-Z].*")).toList());
        for (EnvironmentVariable<?> variable : Settings.VARIABLES) {
            assertTrue(
                    example.lines()
                            .anyMatch(line -> line.matches("(# )?" + variable.name() + "=.*")),
                    () -> variable.name() + " is not in .env.example");
        }
    }
}
