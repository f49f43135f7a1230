package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.servers.Eventually;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Tests that discord.py and discord.js work with the simulator. They connect, receive every event
 * type, recover from op 7, a close code, a reset and op 9, and log no warning.
 */
final class RealClientsTest {
    private static final Path CLIENTS = Path.of("src", "test", "clients");

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Test
    void discordPyReceivesEveryEventTypeAndRecoversFromEveryFault() throws Exception {
        assumeTrue(runs("python3", "-c", "import discord"), "python3 with discord.py");
        assertLives("python3", CLIENTS.resolve("discord_py.py").toString());
    }

    @Test
    void discordJsReceivesEveryEventTypeAndRecoversFromEveryFault() throws Exception {
        assumeTrue(runs("node", "-e", "require('discord.js')"), "node with discord.js");
        assertLives("node", CLIENTS.resolve("discord_js.js").toString());
    }

    private void assertLives(String... program) throws Exception {
        SimulatorConfig config =
                SimulatorConfig.standard()
                        .withIdentifyInterval(Duration.ofMillis(100))
                        .withHeartbeatInterval(Duration.ofSeconds(5));
        try (Simulator simulator = Simulator.start(config)) {
            Process client = start(simulator, program);
            Thread reader =
                    Thread.ofVirtual()
                            .start(() -> client.inputReader().lines().forEach(lines::add));
            try {
                await("connected", 1);
                awaitEverything(simulator);
                assertTakesEveryKind(simulator);
                assertComesBack(simulator);
                assertEquals(
                        List.of(),
                        lines.stream().filter(line -> line.startsWith("error")).toList());
            } finally {
                client.destroyForcibly();
                reader.join();
            }
        }
    }

    private static Process start(Simulator simulator, String... program) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program).redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "DISCORD_API_URL", simulator.restUri().toString(),
                                "GATEWAY_URL", simulator.gatewayUri().toString(),
                                "BOT_TOKEN", simulator.config().token()));
        return builder.start();
    }

    private void assertTakesEveryKind(Simulator simulator) throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            simulator.events().kinds().stream().sorted().forEach(simulator.events()::emit);
        }
        awaitEverything(simulator);
    }

    private void assertComesBack(Simulator simulator) throws InterruptedException {
        simulator.faults().requestReconnect(_ -> true);
        await("resumed", 1);
        simulator.faults().close(_ -> true, 4000);
        await("resumed", 2);
        simulator.faults().reset(_ -> true);
        await("resumed", 3);
        simulator.events().emit("MESSAGE_CREATE");
        awaitEverything(simulator);
        assertEquals(1, simulator.recorder().identifies().size());
        simulator.faults().invalidate(_ -> true, false);
        await("connected", 2);
        assertEquals(2, simulator.recorder().identifies().size());
        awaitEverything(simulator);
    }

    /** Waits until every dispatched event has arrived, and checks that none arrived twice. */
    private void awaitEverything(Simulator simulator) throws InterruptedException {
        Eventually.await(
                "all events received", () -> count("event ") >= simulator.ledger().dispatched());
        assertEquals(simulator.ledger().dispatched(), count("event "));
    }

    private void await(String line, int times) throws InterruptedException {
        Eventually.await(
                line + ", " + times + " times",
                Duration.ofSeconds(30),
                lines::toString,
                () -> count(line) >= times);
    }

    private long count(String start) {
        return lines.stream().filter(line -> line.startsWith(start)).count();
    }

    private static boolean runs(String... program) throws InterruptedException {
        try {
            return new ProcessBuilder(program).redirectErrorStream(true).start().waitFor() == 0;
        } catch (IOException notInstalled) {
            return false;
        }
    }
}
