package loom.dispatch.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.ConnectionFactory;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.VirtualHost;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs the workers of docs/examples; skips a worker if its language or client is missing. */
class ExampleWorkersTest {
    private static final Path EXAMPLES = Path.of("..", "..", "docs", "examples");

    private final VirtualHost host = Servers.sharedRabbit().newVirtualHost();

    @Test
    void javaWorkerIgnoresDuplicatesDetectsGapAndSendsCommand() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath =
                jarOf(ConnectionFactory.class) + File.pathSeparator + jarOf(Logger.class);
        assertWorks(List.of(java, "-cp", classPath, EXAMPLES.resolve("Worker.java").toString()));
    }

    @Test
    void pythonWorkerIgnoresDuplicatesDetectsGapAndSendsCommand() throws Exception {
        assumeTrue(runs("python3", "-c", "import pika"), "python3 with pika");
        assertWorks(List.of("python3", EXAMPLES.resolve("worker.py").toString()));
    }

    @Test
    void javaScriptWorkerIgnoresDuplicatesDetectsGapAndSendsCommand() throws Exception {
        assumeTrue(runs("node", "-e", "require('amqplib')"), "node with amqplib");
        assertWorks(List.of("node", EXAMPLES.resolve("worker.js").toString()));
    }

    private void assertWorks(List<String> program) throws Exception {
        Broker broker = Broker.connect(TestBrokerConfigs.config(host).build(), _ -> {});
        List<Command> commands = new CopyOnWriteArrayList<>();
        broker.commands(
                new LocalShards(0, 7, 8),
                (command, _) -> {
                    commands.add(command);
                    return CompletableFuture.completedFuture(new CommandResult.Sent());
                });
        PublishingLane lane = broker.lane(7, _ -> {});
        EventMessage first = event(1, "READY", "{}");
        // the second message is a duplicate
        lane.publish(List.of(first, first.withPosition(2), event(3, "DISPATCH_GAP", "{}")));
        lane.publish(List.of(event(4, "MESSAGE_CREATE", "{\"content\":\"!reconnect\"}")));
        ProcessBuilder builder = new ProcessBuilder(program).redirectErrorStream(true);
        builder.environment().putAll(Map.of("RABBIT_URI", host.uri().toString()));
        Process worker = builder.start();
        try (var output = worker.inputReader()) {
            for (String expected :
                    List.of(
                            "READY s:1",
                            "DISPATCH_GAP s:3",
                            "shard 7 lost events: read its state again",
                            "MESSAGE_CREATE s:4")) {
                assertEquals(expected, line(output));
            }
            Eventually.await("command", Duration.ofSeconds(20), () -> !commands.isEmpty());
            assertEquals(new Command.Reconnect(7), commands.getFirst());
        } finally {
            worker.destroyForcibly();
        }
        assertTrue(broker.close(Duration.ofSeconds(5)));
    }

    /** Returns the next line of the worker; skips lines of its libraries. */
    private static String line(BufferedReader output) throws IOException {
        String line = output.readLine();
        while (line != null && line.startsWith("SLF4J")) {
            line = output.readLine();
        }
        return String.valueOf(line);
    }

    private static EventMessage event(long n, String name, String data) {
        String body = "{\"op\":0,\"t\":\"" + name + "\",\"d\":" + data + "}";
        return new EventMessage(
                n,
                name,
                body.getBytes(StandardCharsets.UTF_8),
                "s:" + n,
                0,
                new EventOrigin(7, n, "s", "", false));
    }

    private static boolean runs(String... program) throws InterruptedException {
        try {
            return new ProcessBuilder(program).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }

    private static String jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
