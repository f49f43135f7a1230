package loom.dispatch.benchmarks;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.GuildShape;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * End to end: a Discord that costs nothing, the image, RabbitMQ and Redis as processes, a consumer;
 * and PerfTest before and after, on the same servers.
 */
final class LoadBench {
    private static final int TAPE_EVENTS = 8_192;

    /** 20 guilds of 50 members: as many presences and messages are about distinct members. */
    private static final GuildShape GUILDS = GuildShape.small().perShard(20).members(50);

    private static final List<Double> LOADS = List.of(0.25, 0.5, 0.9);

    private final Options options;

    /** One configuration of the state. */
    private record State(String name, Map<String, String> settings) {}

    private static final List<State> STATES =
            List.of(
                    new State("off", Map.of("STATE_ENABLED", "false")),
                    new State("on", Map.of("STATE_ENABLED", "true")),
                    new State("old", Map.of("STATE_ENABLED", "true", "STATE_OLD", "true")));

    LoadBench(Options options) {
        this.options = options;
    }

    /**
     * What came of one configuration.
     *
     * @param perSecond events that the consumer got, as fast as they went
     * @param received all of them
     * @param outOfOrder how many were not the next of their shard
     */
    record Measured(String state, double perSecond, long received, long outOfOrder) {}

    List<Measured> run() throws IOException, InterruptedException, TimeoutException {
        System.out.println("recording from the simulator ...");
        Recording recording = Recording.of(options.mix(), GUILDS, TAPE_EVENTS);
        Tape tape = Tape.of(recording.traffic());
        System.out.printf(
                "%s: %d shards, %d events on the tape, bodies of %d bytes, %.1f:1 compressed%n",
                options.mix(), options.shards(), tape.length(), tape.meanBodyBytes(), tape.ratio());
        System.out.printf(
                "inflate and byte scan alone: %.2f us an event%n",
                InflateCeiling.microseconds(tape));
        if (!options.rabbit()) {
            return measure(Optional.empty(), recording, tape);
        }
        try (RabbitServer rabbit = Servers.rabbit()) {
            double before = perfTest(rabbit, tape);
            List<Measured> all = measure(Optional.of(rabbit), recording, tape);
            double ceiling = (before + perfTest(rabbit, tape)) / 2;
            for (Measured one : options.ceilings() ? all : List.<Measured>of()) {
                System.out.printf(
                        "state %-4s %.2f of PerfTest's confirmed rate%n",
                        one.state(), one.perSecond() / ceiling);
            }
            return all;
        }
    }

    private List<Measured> measure(Optional<RabbitServer> rabbit, Recording recording, Tape tape)
            throws IOException, InterruptedException, TimeoutException {
        Path scratch = Path.of(System.getProperty("bench.target"), "run");
        List<Measured> all = new ArrayList<>();
        for (State state : STATES) {
            if (options.states().contains(state.name())) {
                // each begins with nothing: a known session's events would be taken for a replay
                try (RedisServer redis = Servers.redis("--appendonly", "no")) {
                    var servers = new Stage.Servers(options.image(), scratch, rabbit, redis);
                    all.add(measure(servers, recording, tape, state));
                }
            }
        }
        return all;
    }

    private double perfTest(RabbitServer rabbit, Tape tape)
            throws IOException, InterruptedException {
        if (!options.ceilings()) {
            return Double.NaN;
        }
        double rate =
                PerfTest.confirmedPerSecond(rabbit, tape.meanBodyBytes(), 1, options.seconds());
        System.out.printf("PerfTest   %8.0f confirmed/s%n", rate);
        return rate;
    }

    private Measured measure(Stage.Servers servers, Recording recording, Tape tape, State state)
            throws IOException, InterruptedException, TimeoutException {
        try (Stage stage =
                Stage.start(servers, options.shards(), recording, tape, state.settings())) {
            List<LoadShard> shards = stage.discord().shards();
            var sender = new Sender(shards, stage.arrivals());
            System.out.printf("state %-4s is warming up ...%n", state.name());
            sender.flood(TimeUnit.SECONDS.toNanos(options.warmup()));
            Cost cost = Cost.begin(stage, servers.redis());
            sender.flood(TimeUnit.SECONDS.toNanos(options.seconds()));
            Cost.Report report = cost.end();
            System.out.printf("state %-4s %s%n", state.name(), report);
            stage.awaitReceived(sender.sent());
            for (double load : LOADS) {
                if (options.latencies()) {
                    latency(stage, sender, report.perSecond() * load, load);
                    stage.awaitReceived(sender.sent());
                }
            }
            System.out.printf(
                    "           RSS %.0f MB at the end, %d messages, %d not next in order%n",
                    ProcFs.residentMegabytes(stage.image().pid()),
                    stage.arrivals().received(),
                    stage.arrivals().outOfOrder());
            return new Measured(
                    state.name(),
                    report.perSecond(),
                    stage.arrivals().received(),
                    stage.arrivals().outOfOrder());
        }
    }

    private void latency(Stage stage, Sender sender, double perSecond, double load)
            throws IOException {
        sender.steadily(perSecond, TimeUnit.SECONDS.toNanos(2));
        stage.arrivals().takeLatencies();
        long seconds = options.seconds();
        sender.steadily(perSecond, TimeUnit.SECONDS.toNanos(seconds));
        Histogram took = stage.arrivals().takeLatencies();
        System.out.printf(
                "           at %2.0f %%  %8.0f/s  p50 %.2f  p99 %.2f  p99.9 %.2f ms%n",
                load * 100,
                (double) took.getTotalCount() / seconds,
                took.getValueAtPercentile(50) / 1e6,
                took.getValueAtPercentile(99) / 1e6,
                took.getValueAtPercentile(99.9) / 1e6);
    }
}
