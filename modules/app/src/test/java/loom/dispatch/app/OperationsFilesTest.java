package loom.dispatch.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.app.config.Environment;
import loom.dispatch.app.config.EnvironmentVariable;
import loom.dispatch.app.config.ServiceSettings;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.config.ShardSettings;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The files under docs/operations name what the code knows, and fit together. */
final class OperationsFilesTest {
    private static final Path OPERATIONS = Path.of("../../docs/operations");
    private static final Pattern VARIABLE = Pattern.compile("(?m)^#?([A-Z][A-Z_]+)=");
    private static final Pattern CREDENTIAL =
            Pattern.compile("(?m)^#?LoadCredential=([a-z_]+):/\\S+$");
    private static final Pattern SECONDS = Pattern.compile("([0-9]+)s?");

    /** A part of a parsed YAML file, asked by keys and indexes. */
    private record Node(Object value) {
        Node at(Object... path) {
            Object at = value;
            for (Object key : path) {
                at = at instanceof List<?> list ? list.get((Integer) key) : map(at).get(key);
                assertTrue(at != null, () -> key + " is missing");
            }
            return new Node(at);
        }

        private static Map<?, ?> map(Object value) {
            assertTrue(value instanceof Map, () -> "no map: " + value);
            return (Map<?, ?>) value;
        }

        List<Node> list() {
            assertTrue(value instanceof List, () -> "no list: " + value);
            return ((List<?>) value).stream().map(Node::new).toList();
        }

        Map<String, String> texts() {
            return map(value).entrySet().stream()
                    .collect(
                            Collectors.toMap(
                                    entry -> (String) entry.getKey(),
                                    entry -> String.valueOf(entry.getValue())));
        }

        long seconds() {
            var matcher = SECONDS.matcher(String.valueOf(value));
            assertTrue(matcher.matches(), () -> "no seconds: " + value);
            return Long.parseLong(matcher.group(1));
        }

        String text() {
            return String.valueOf(value);
        }
    }

    private static Set<String> known() {
        return Settings.VARIABLES.stream()
                .map(EnvironmentVariable::name)
                .collect(Collectors.toSet());
    }

    private static void assertKnown(Set<String> names) {
        Set<String> strangers = new HashSet<>(names);
        strangers.removeAll(known());
        assertEquals(Set.of(), strangers);
        assertFalse(names.isEmpty());
    }

    private static Set<String> named(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static String read(String file) throws IOException {
        return Files.readString(OPERATIONS.resolve(file));
    }

    /** The documents of the Kubernetes file by their kind. */
    private static Map<String, Node> kubernetes() throws IOException {
        Map<String, Node> kinds = new HashMap<>();
        for (Object document : new Yaml().loadAll(read("kubernetes/loom-dispatch.yaml"))) {
            var node = new Node(document);
            kinds.put(node.at("kind").text(), node);
        }
        return kinds;
    }

    @Test
    void theUnitsEnvironmentHasNoVariableThatNobodyReads() throws IOException {
        assertKnown(named(VARIABLE, read("systemd/loom-dispatch.env")));
    }

    @Test
    void theUnitsCredentialsAreSecretsOfOurs() throws IOException {
        Set<String> secrets =
                Settings.VARIABLES.stream()
                        .filter(EnvironmentVariable::secret)
                        .map(variable -> variable.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        Set<String> credentials = named(CREDENTIAL, read("systemd/loom-dispatch.service"));
        assertTrue(credentials.contains("bot_token"), credentials::toString);
        assertTrue(secrets.containsAll(credentials), credentials::toString);
    }

    @Test
    void theContainersEnvironmentIsKnown() throws IOException {
        var dockerfile = Files.readString(Path.of("../../Dockerfile"));
        assertKnown(named(Pattern.compile("(?m)^ENV ([A-Z_]+)="), dockerfile));
    }

    @Test
    void composeStartsTheServiceWithVariablesOfOursAndTimeToDrain() throws IOException {
        var service =
                new Node(new Yaml().load(read("docker/compose.yaml")))
                        .at("services", "loom-dispatch");
        assertKnown(service.at("environment").texts().keySet());
        long drain = Long.parseLong(ServiceSettings.SHUTDOWN_TIMEOUT.fallback());
        assertTrue(service.at("stop_grace_period").seconds() > drain);
    }

    @Test
    void theReplicasOfTheStatefulSetHoldEveryShardOnce() throws Exception {
        Map<String, Node> kinds = kubernetes();
        Map<String, String> data = kinds.get("ConfigMap").at("data").texts();
        assertKnown(data.keySet());
        Node set = kinds.get("StatefulSet").at("spec");
        Node variable = set.at("template", "spec", "containers", 0, "env", 0);
        assertEquals("metadata.name", variable.at("valueFrom", "fieldRef", "fieldPath").text());
        List<Integer> held = new ArrayList<>();
        for (int pod = 0; pod < Integer.parseInt(set.at("replicas").text()); pod++) {
            Map<String, String> environment = new HashMap<>(data);
            // the address is the cluster's
            environment.put("BOT_TOKEN", "t");
            environment.put(variable.at("name").text(), "loom-dispatch-" + pod);
            ShardSettings shards = Settings.from(new Environment(Map.of(), environment)).shards();
            IntStream.rangeClosed(shards.first(), shards.last().orElseThrow()).forEach(held::add);
        }
        int total = Integer.parseInt(data.get("SHARDS_TOTAL"));
        assertEquals(IntStream.range(0, total).boxed().toList(), held);
    }

    @Test
    void aPodIsAskedWhatTheServiceAnswersAndEndsWhenItIsDrained() throws IOException {
        Map<String, Node> kinds = kubernetes();
        Node pod = kinds.get("StatefulSet").at("spec", "template", "spec");
        Node container = pod.at("containers", 0);
        assertEquals("/livez", container.at("livenessProbe", "httpGet", "path").text());
        assertEquals("/livez", container.at("startupProbe", "httpGet", "path").text());
        assertEquals("/readyz", container.at("readinessProbe", "httpGet", "path").text());
        assertEquals(
                ServiceSettings.PROMETHEUS_PORT.fallback(),
                container.at("ports", 0, "containerPort").text());
        long drain = kinds.get("ConfigMap").at("data", "SHUTDOWN_TIMEOUT").seconds();
        assertTrue(pod.at("terminationGracePeriodSeconds").seconds() > drain);
        assertEquals("true", pod.at("securityContext", "runAsNonRoot").text());
    }

    @Test
    void aDisruptionTakesOnePodAtATime() throws IOException {
        Map<String, Node> kinds = kubernetes();
        Node budget = kinds.get("PodDisruptionBudget").at("spec");
        assertEquals("1", budget.at("maxUnavailable").text());
        Map<String, String> labels =
                kinds.get("StatefulSet").at("spec", "template", "metadata", "labels").texts();
        assertEquals(labels, budget.at("selector", "matchLabels").texts());
        assertEquals(labels, kinds.get("Service").at("spec", "selector").texts());
    }
}
