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

/** What the image shows is what operators' tools ask for, and its readiness is the truth. */
final class OperationsTest {
    private static final Path OPERATIONS = Path.of("../docs/operations");
    private static final Pattern METRIC =
            Pattern.compile(
                    "\\b(?:gateway|broker|redis|state|spool|metrics|process|jvm)_[a-z_]+\\b");

    private ImageTestSetup stage;

    @BeforeEach
    void start(@TempDir Path spool) throws Exception {
        stage = ImageTestSetup.withOwnRabbit();
        stage.startImage(Map.of("SPOOL_DIR", spool.toString()));
        stage.awaitReady();
        stage.await("ready", () -> status("/readyz") == 200);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
    }

    private int status(String path) throws Exception {
        return stage.image().get(path).statusCode();
    }

    @Test
    void alertsAndDashboardAskOnlyForMetricsThatThereAre() throws Exception {
        Set<String> shown =
                stage.image()
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
    void readinessIsLostWithEachOfItsPartsAndComesBack() throws Exception {
        stage.redis().kill();
        stage.await("not ready without Redis", () -> status("/readyz") == 503);
        stage.redis().start();
        stage.await("ready again", () -> status("/readyz") == 200);
        stage.rabbit().kill();
        stage.await("not ready without RabbitMQ", () -> status("/readyz") == 503);
        stage.rabbit().start();
        stage.await("ready again", () -> status("/readyz") == 200);
        stage.simulator().faults().refuseConnections(true);
        stage.simulator().faults().cut(_ -> true);
        stage.await("not ready without shards", () -> status("/readyz") == 503);
        assertEquals(200, status("/livez"), "a restart would mend none of these");
        stage.simulator().faults().refuseConnections(false);
        stage.await("ready again", () -> status("/readyz") == 200);
        String metrics = stage.image().get("/metrics").body();
        assertTrue(metrics.contains("gateway_identifies{cause=\"start\"} 4\n"), metrics);
        assertTrue(metrics.contains("gateway_disconnects{cause=\"lost\"}"), metrics);
        assertTrue(metrics.contains("gateway_resumes{cause=\"lost\"}"), metrics);
        stage.assertPromiseKept();
    }
}
