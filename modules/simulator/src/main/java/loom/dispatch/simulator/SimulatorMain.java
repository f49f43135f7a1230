package loom.dispatch.simulator;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Runs a simulator by hand until it is interrupted; {@code --help} tells how. */
public final class SimulatorMain {
    private static final String HELP =
            """
            A fake Discord on 127.0.0.1, for trying a bot or a gateway service against it.

              --port N           REST and gateway; a free one by default
              --token TOKEN      the accepted bot token
              --shards N         recommended shards (1)
              --concurrency N    max_concurrency (16)
              --identify-ms N    time between IDENTIFYs of a key (5000)
              --heartbeat-ms N   heartbeat interval (41250)
              --guilds N         guilds per shard (2)
              --members N        members per guild (10)
              --replay N         events a session keeps for a RESUME (2000)
              --rate N           events a second over all shards (0)
              --mix NAME         TRAFFIC (default) or ALL_KINDS
              --faults NAME      DROPS, RECONNECTS, INVALIDATIONS, HEARTBEATS, RESUMABLE, EVERYTHING
              --fault-ms N       mean time between two faults (10000)
              --seed N           of everything random (1)
              --seconds N        end by itself
              --help

            Over HTTP, on the same port:
            """;

    /** What the command line asks for besides the simulator itself. */
    private record Run(
            SimulatorConfig config,
            double rate,
            EventStream.Mix mix,
            Optional<FaultSchedule.Kind> faults,
            long faultMillis,
            long seconds) {}

    private SimulatorMain() {}

    /** Exits with 0 at the end, with 2 for an option it doesn't know. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (List.of(arguments).contains("--help")) {
            System.out.print(HELP);
            ControlApi.ROUTES.forEach(route -> System.out.println("  " + route));
            return;
        }
        Run run;
        try {
            run = parse(new ArrayDeque<>(List.of(arguments)));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "; --help tells what there is");
            System.exit(2);
            return;
        }
        serve(run);
    }

    private static void serve(Run run) throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (Simulator simulator = Simulator.start(run.config())) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endWith(ended, main)));
            System.out.println("DISCORD_API_URL=" + simulator.restUri());
            System.out.println("BOT_TOKEN=" + run.config().token());
            System.out.println(
                    "gateway " + simulator.gatewayUri() + ", seed " + run.config().seed());
            simulator.events().mix(run.mix()).rate(run.rate());
            Optional<FaultSchedule> schedule =
                    run.faults()
                            .map(kind ->
                                    FaultSchedule.start(
                                            simulator,
                                            kind,
                                            run.config().seed(),
                                            Duration.ofMillis(run.faultMillis())));
            ended.await(run.seconds(), TimeUnit.SECONDS);
            schedule.ifPresent(FaultSchedule::close);
            System.out.println(
                    "dispatched "
                            + simulator.ledger().dispatched()
                            + " events in "
                            + simulator.ledger().sessions().size()
                            + " sessions");
        }
    }

    /** Ctrl-C ends the run in order: the summary comes before the process goes. */
    private static void endWith(CountDownLatch ended, Thread main) {
        ended.countDown();
        try {
            main.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Run parse(Deque<String> arguments) {
        SimulatorConfig config = SimulatorConfig.standard();
        Run run = new Run(config, 0, EventStream.Mix.TRAFFIC, Optional.empty(), 10_000, 1L << 30);
        while (!arguments.isEmpty()) {
            String option = arguments.removeFirst();
            if (arguments.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            run = with(run, option, arguments.removeFirst());
        }
        return run;
    }

    private static Run with(Run run, String option, String value) {
        return switch (option) {
            case "--rate" ->
                    new Run(
                            run.config(),
                            Double.parseDouble(value),
                            run.mix(),
                            run.faults(),
                            run.faultMillis(),
                            run.seconds());
            case "--mix" ->
                    new Run(
                            run.config(),
                            run.rate(),
                            EventStream.Mix.valueOf(value),
                            run.faults(),
                            run.faultMillis(),
                            run.seconds());
            case "--faults" ->
                    new Run(
                            run.config(),
                            run.rate(),
                            run.mix(),
                            Optional.of(FaultSchedule.Kind.valueOf(value)),
                            run.faultMillis(),
                            run.seconds());
            case "--fault-ms" ->
                    new Run(
                            run.config(),
                            run.rate(),
                            run.mix(),
                            run.faults(),
                            Long.parseLong(value),
                            run.seconds());
            case "--seconds" ->
                    new Run(
                            run.config(),
                            run.rate(),
                            run.mix(),
                            run.faults(),
                            run.faultMillis(),
                            Long.parseLong(value));
            default ->
                    new Run(
                            configured(run.config(), option, value),
                            run.rate(),
                            run.mix(),
                            run.faults(),
                            run.faultMillis(),
                            run.seconds());
        };
    }

    private static SimulatorConfig configured(SimulatorConfig config, String option, String value) {
        if (option.equals("--token")) {
            return config.withToken(value);
        }
        int number = Integer.parseInt(value);
        return switch (option) {
            case "--port" -> config.withPort(number);
            case "--shards" -> config.withShards(number);
            case "--concurrency" -> config.withMaxConcurrency(number);
            case "--identify-ms" -> config.withIdentifyInterval(Duration.ofMillis(number));
            case "--heartbeat-ms" -> config.withHeartbeatInterval(Duration.ofMillis(number));
            case "--guilds" -> config.withGuildsPerShard(number);
            case "--members" -> config.withGuilds(config.guilds().members(number));
            case "--replay" -> config.withReplayEvents(number);
            case "--seed" -> config.withSeed(number);
            default -> throw new IllegalArgumentException("unknown option " + option);
        };
    }
}
