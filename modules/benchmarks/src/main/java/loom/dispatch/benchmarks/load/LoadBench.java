package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.BenchOptions;
import loom.dispatch.benchmarks.discord.CompressedTraffic;
import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.benchmarks.process.ProcessStatistics;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.GuildShape;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Measures the path end to end: a Discord without cost, the image, RabbitMQ and Redis as processes,
 * and a consumer. PerfTest runs before and after on the same servers.
 */
public final class LoadBench {
    private static final int RECORDED_EVENTS = 8_192;

    /** 20 guilds of 50 members: presences and messages have about as many distinct members. */
    private static final GuildShape GUILDS = GuildShape.small().perShard(20).members(50);

    private static final List<Double> LOADS = List.of(0.25, 0.5, 0.9);

    private final BenchOptions options;

    /** A configuration of the state cache. */
    private record State(String name, Map<String, String> settings) {}

    private static final List<State> STATES =
            List.of(
                    new State("off", Map.of("STATE_ENABLED", "false")),
                    new State("on", Map.of("STATE_ENABLED", "true")),
                    new State("old", Map.of("STATE_ENABLED", "true", "STATE_OLD", "true")));

    public LoadBench(BenchOptions options) {
        this.options = options;
    }

    /**
     * The result of one configuration.
     *
     * @param perSecond events per second that the consumer received, at full speed
     * @param received all received events
     * @param outOfOrder events that were not the next of their shard
     */
    public record Measured(String state, double perSecond, long received, long outOfOrder) {}

    public List<Measured> run() throws IOException, InterruptedException, TimeoutException {
        System.out.println("recording from the simulator ...");
        RecordedTraffic recording = RecordedTraffic.of(options.mix(), GUILDS, RECORDED_EVENTS);
        CompressedTraffic traffic = CompressedTraffic.of(recording.traffic());
        System.out.printf(
                "%s: %d shards, %d recorded events, bodies of %d bytes, %.1f:1 compressed%n",
                options.mix(),
                options.shards(),
                traffic.length(),
                traffic.meanBodyBytes(),
                traffic.ratio());
        System.out.printf(
                "inflate and byte scan alone: %.2f us/event%n",
                InflateCeiling.microseconds(traffic));
        if (!options.yes("rabbit")) {
            return measure(Optional.empty(), recording, traffic);
        }
        try (RabbitServer rabbit = Servers.rabbit()) {
            double before = perfTest(rabbit, traffic);
            List<Measured> all = measure(Optional.of(rabbit), recording, traffic);
            double ceiling = (before + perfTest(rabbit, traffic)) / 2;
            for (Measured one : options.yes("ceilings") ? all : List.<Measured>of()) {
                System.out.printf(
                        "state %-4s %.2f of PerfTest's confirmed rate%n",
                        one.state(), one.perSecond() / ceiling);
            }
            return all;
        }
    }

    private List<Measured> measure(
            Optional<RabbitServer> rabbit, RecordedTraffic recording, CompressedTraffic traffic)
            throws IOException, InterruptedException, TimeoutException {
        List<Measured> all = new ArrayList<>();
        for (State state : STATES) {
            if (options.list("states").contains(state.name())) {
                var input = new RunInput(recording, traffic, state);
                Measured one = measureOne(input, rabbit, options.number("max", 0));
                all.add(one);
                if (rabbit.isPresent() && options.yes("latencies")) {
                    compare(rabbit.get(), input, one.perSecond());
                }
            }
        }
        return all;
    }

    /** The recording and configuration of one run. */
    private record RunInput(RecordedTraffic recording, CompressedTraffic traffic, State state) {}

    /** Measures the same rates without the service, and without RabbitMQ. */
    private void compare(RabbitServer rabbit, RunInput input, double perSecond)
            throws IOException, InterruptedException, TimeoutException {
        double most = options.number("max", (int) perSecond);
        for (double load : options.yes("ceilings") ? LOADS : List.<Double>of()) {
            RabbitPerfTest.Latency latency =
                    RabbitPerfTest.latency(
                            rabbit,
                            input.traffic().meanBodyBytes(),
                            load * most,
                            Math.max(9, options.seconds()));
            System.out.printf("%8.0f/s  PerfTest's         %s%n", load * most, latency);
        }
        System.out.println("the same without RabbitMQ:");
        measureOne(input, Optional.empty(), most);
    }

    private double perfTest(RabbitServer rabbit, CompressedTraffic traffic)
            throws IOException, InterruptedException {
        if (!options.yes("ceilings")) {
            return Double.NaN;
        }
        double rate =
                RabbitPerfTest.confirmedPerSecond(
                        rabbit, traffic.meanBodyBytes(), 1, options.seconds());
        System.out.printf("PerfTest   %8.0f confirmed/s%n", rate);
        return rate;
    }

    /**
     * @param most the highest rate in events per second; 0 uses the measured one
     */
    private Measured measureOne(RunInput input, Optional<RabbitServer> rabbit, double most)
            throws IOException, InterruptedException, TimeoutException {
        String name = input.state().name();
        // Each run starts with an empty Redis: the image would take the events of a known session
        // for a replay.
        try (RedisServer redis = Servers.redis("--appendonly", "no");
                BenchSetup setup =
                        BenchSetup.start(
                                BenchSetup.Servers.plain(options, rabbit, redis),
                                options.shards(),
                                input.recording(),
                                input.traffic(),
                                input.state().settings())) {
            var sender = new TrafficSender(setup.discord().shards(), setup.arrivals());
            System.out.printf("state %-4s is warming up ...%n", name);
            sender.flood(TimeUnit.SECONDS.toNanos(options.number("warmup")));
            ProcessCosts cost = ProcessCosts.begin(setup, redis);
            sender.flood(TimeUnit.SECONDS.toNanos(options.seconds()));
            ProcessCosts.Report report = cost.end();
            System.out.printf("state %-4s %s%n", name, report);
            setup.awaitReceived(sender.sent());
            var steady = new SteadyRateBench(setup, sender);
            for (double load : options.yes("latencies") ? LOADS : List.<Double>of()) {
                steady.measure(load * (most > 0 ? most : report.perSecond()), options.seconds());
                setup.awaitReceived(sender.sent());
            }
            ConsumedEvents arrivals = setup.arrivals();
            System.out.printf(
                    "           RSS %.0f MB at the end, %d messages, %d not next in order%n",
                    ProcessStatistics.residentMegabytes(setup.image().pid()),
                    arrivals.received(),
                    arrivals.outOfOrder());
            return new Measured(
                    name, report.perSecond(), arrivals.received(), arrivals.outOfOrder());
        }
    }
}
