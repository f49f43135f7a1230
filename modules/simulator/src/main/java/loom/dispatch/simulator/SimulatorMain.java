package loom.dispatch.simulator;

import loom.dispatch.simulator.http.ControlApi;
import loom.dispatch.simulator.http.NamedFaults;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs a simulator from the command line until it is interrupted. {@code --help} lists the options.
 */
public final class SimulatorMain {
    private SimulatorMain() {}

    /** Runs the simulator. Exit code 0 after an interrupt, 2 for an invalid option. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("--help")) {
            help();
            return;
        }
        try {
            serve(SimulatorOptions.parse(List.of(arguments)));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "; --help lists the options");
            System.exit(2);
        }
    }

    private static void help() {
        System.out.print(SimulatorOptions.HELP);
        NamedFaults.lines().forEach(line -> System.out.println("  " + line));
        System.out.println();
        System.out.println("Over HTTP, on the same port:");
        ControlApi.routes().forEach(route -> System.out.println("  " + route));
    }

    private static void serve(SimulatorOptions asked) throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (Simulator simulator = Simulator.start(asked.config())) {
            Optional<RandomFaults> schedule = asked.begin(simulator);
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endWith(ended, main)));
            System.out.println("DISCORD_API_URL=" + simulator.restUri());
            System.out.println("BOT_TOKEN=" + asked.config().token());
            System.out.println(
                    "gateway " + simulator.gatewayUri() + ", seed " + asked.config().seed());
            ended.await(asked.end().toMillis(), TimeUnit.MILLISECONDS);
            schedule.ifPresent(RandomFaults::close);
            System.out.println(
                    "dispatched "
                            + simulator.ledger().dispatched()
                            + " events in "
                            + simulator.ledger().sessions().size()
                            + " sessions");
        }
    }

    /** Makes Ctrl-C wait until the main thread has printed the summary. */
    private static void endWith(CountDownLatch ended, Thread main) {
        ended.countDown();
        try {
            main.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
