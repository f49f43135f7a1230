package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares the image's metrics with the alert rules and the dashboard, and tests readiness. */
final class OperationsTest {
    private static final Path OPERATIONS = Path.of("../docs/operations");
    private static final Pattern METRIC =
            Pattern.compile(
                    "\\b(?:gateway|broker|redis|state|spool|metrics|process|jvm)_[a-z_]+\\b");

    private ImageTestSetup setup;

    @BeforeEach
    void start(@TempDir Path spool) throws Exception {
        setup = ImageTestSetup.withOwnRabbit();
        setup.startImage(Map.of("SPOOL_DIR", spool.toString()));
        setup.awaitReady();
        setup.await("ready", () -> status("/readyz") == 200);
    }

    @AfterEach
    void stop() throws Exception {
        setup.close();
    }

    private int status(String path) throws Exception {
        return setup.image().get(path).statusCode();
    }

    @Test
    void alertsAndDashboardUseOnlyExistingMetrics() throws Exception {
        Set<String> shown =
                setup.image()
                        .get("/metrics")
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("# TYPE "))
                        .map(line -> line.split(" ")[2])
                        .collect(Collectors.toCollection(TreeSet::new));
        for (String file : List.of("prometheus/alerts.yaml", "grafana/loom-dispatch.json")) {
            Matcher named = METRIC.matcher(Files.readString(OPERATIONS.resolve(file)));
            Set<String> unknown = new TreeSet<>();
            int count = 0;
            while (named.find()) {
                count++;
                String name = named.group().replaceFirst("_(bucket|sum)$", "");
                if (!shown.contains(name)) {
                    unknown.add(name);
                }
            }
            assertEquals(Set.of(), unknown, file + " against " + shown);
            assertTrue(count > 10, file + " names only " + count);
        }
    }

    @Test
    void readinessFollowsEachConnection() throws Exception {
        setup.redis().kill();
        setup.await("not ready without Redis", () -> status("/readyz") == 503);
        setup.redis().start();
        setup.await("ready again", () -> status("/readyz") == 200);
        setup.rabbit().kill();
        setup.await("not ready without RabbitMQ", () -> status("/readyz") == 503);
        setup.rabbit().start();
        setup.await("ready again", () -> status("/readyz") == 200);
        setup.simulator().faults().refuseConnections(true);
        setup.simulator().faults().cut(_ -> true);
        setup.await("not ready without shards", () -> status("/readyz") == 503);
        assertEquals(200, status("/livez"), "liveness, because a restart would not help");
        setup.simulator().faults().refuseConnections(false);
        setup.await("ready again", () -> status("/readyz") == 200);
        String metrics = setup.image().get("/metrics").body();
        assertTrue(metrics.contains("gateway_identifies{cause=\"start\"} 4\n"), metrics);
        assertTrue(metrics.contains("gateway_disconnects{cause=\"lost\"}"), metrics);
        assertTrue(metrics.contains("gateway_resumes{cause=\"lost\"}"), metrics);
        setup.assertNoEventLost();
    }
}
