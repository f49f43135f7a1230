package loom.dispatch.benchmarks.load;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.MessageProperties;

import loom.dispatch.benchmarks.BenchOptions;
import loom.dispatch.benchmarks.discord.CompressedTraffic;
import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.GuildShape;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Measures the cost of an event for the service and Redis as a bot grows: more shards, more cached
 * members, a longer unread queue. State is on; JIT compilation does not count.
 */
public final class GrowthBench {
    private static final List<Integer> SHARDS = List.of(1, 16, 256, 1_024);
    private static final List<Integer> QUEUED_MESSAGES = List.of(0, 1_000_000);
    private static final int RECORDED_EVENTS = 8_192;
    private static final int GUILDS = 20;
    private static final int FEW_MEMBERS = 1_000;
    private static final int PER_SECOND = 1_000;
    private static final int SETTLE_SECONDS = 2;

    /** Small steps keep the memory low while the queue fills. */
    private static final int FILL_EACH = 1_000;

    private final BenchOptions options;

    public GrowthBench(BenchOptions options) {
        this.options = options;
    }

    /** The cost of an event under each load. */
    private record Costs(Map<String, ProcessCosts.Report> byLoad) {}

    public void run() throws IOException, InterruptedException, TimeoutException {
        System.out.println(
                "CPU us/event: service + Redis = sum, and the ratio of the sum to the first line:");
        if (options.part("shards")) {
            shards();
        }
        if (options.part("members")) {
            members();
        }
        if (options.part("queue")) {
            queue();
        }
    }

    private void shards() throws IOException, InterruptedException, TimeoutException {
        RecordedTraffic recording = recording(FEW_MEMBERS);
        CompressedTraffic traffic = CompressedTraffic.of(recording.traffic());
        List<Costs> all = new ArrayList<>();
        for (int shards : SHARDS) {
            all.add(costs(shards, recording, traffic));
            print(shards + " shards", all);
        }
    }

    private void members() throws IOException, InterruptedException, TimeoutException {
        List<Costs> all = new ArrayList<>();
        for (String members : options.list("members")) {
            RecordedTraffic recording = recording(Integer.parseInt(members));
            all.add(costs(1, recording, CompressedTraffic.of(recording.traffic())));
            print(members + " members", all);
        }
    }

    private RecordedTraffic recording(int members) throws IOException, InterruptedException {
        GuildShape guilds = GuildShape.small().perShard(GUILDS).members(members / GUILDS);
        return RecordedTraffic.of(options.mix(), guilds, RECORDED_EVENTS);
    }

    private Costs costs(int shards, RecordedTraffic recording, CompressedTraffic traffic)
            throws IOException, InterruptedException, TimeoutException {
        try (RedisServer redis = Servers.redis("--appendonly", "no");
                BenchSetup setup =
                        BenchSetup.start(
                                BenchSetup.Servers.plain(options, Optional.empty(), redis),
                                shards,
                                recording,
                                traffic,
                                Map.of())) {
            var sender = new TrafficSender(setup.discord().shards(), setup.arrivals());
            sender.flood(TimeUnit.SECONDS.toNanos(options.number("warmup")));
            setup.awaitReceived(sender.sent());
            ProcessCosts cost = ProcessCosts.begin(setup, redis, sender::sent);
            sender.flood(TimeUnit.SECONDS.toNanos(options.seconds()));
            setup.awaitReceived(sender.sent());
            ProcessCosts.Report flooded = cost.end();
            Map<String, ProcessCosts.Report> byLoad = new LinkedHashMap<>();
            byLoad.put("flooded", flooded);
            byLoad.put("steady", steadily(setup, redis, sender));
            return new Costs(byLoad);
        }
    }

    /** Sends at the rate at which events are processed, so that sent events count as processed. */
    private ProcessCosts.Report steadily(BenchSetup setup, RedisServer redis, TrafficSender sender)
            throws IOException {
        int perSecond = options.number("rate", PER_SECOND);
        sender.steadily(perSecond, TimeUnit.SECONDS.toNanos(SETTLE_SECONDS));
        ProcessCosts cost = ProcessCosts.begin(setup, redis, sender::sent);
        sender.steadily(perSecond, TimeUnit.SECONDS.toNanos(options.seconds()));
        return cost.end();
    }

    private void queue() throws IOException, InterruptedException, TimeoutException {
        RecordedTraffic recording = recording(FEW_MEMBERS);
        CompressedTraffic traffic = CompressedTraffic.of(recording.traffic());
        List<Costs> all = new ArrayList<>();
        try (RabbitServer rabbit = Servers.rabbit()) {
            for (int waiting : QUEUED_MESSAGES) {
                all.add(unread(rabbit, waiting, recording, traffic));
                print(waiting + " waiting", all);
            }
        }
    }

    private Costs unread(
            RabbitServer rabbit, int waiting, RecordedTraffic recording, CompressedTraffic traffic)
            throws IOException, InterruptedException, TimeoutException {
        try (RedisServer redis = Servers.redis("--appendonly", "no");
                BenchSetup setup =
                        BenchSetup.start(
                                BenchSetup.Servers.unread(options, rabbit, redis),
                                options.shards(),
                                recording,
                                traffic,
                                Map.of())) {
            fill(rabbit, waiting, traffic.meanBodyBytes());
            var sender = new TrafficSender(setup.discord().shards(), setup.arrivals());
            int perSecond = options.number("rate", PER_SECOND);
            sender.steadily(perSecond, TimeUnit.SECONDS.toNanos(options.number("warmup")));
            return new Costs(Map.of("steady", steadily(setup, redis, sender)));
        }
    }

    private static void fill(RabbitServer rabbit, int messages, int bytes)
            throws IOException, InterruptedException, TimeoutException {
        var factory = new ConnectionFactory();
        factory.setHost(rabbit.host());
        factory.setPort(rabbit.port());
        try (Connection connection = factory.newConnection("bench-filler");
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            byte[] body = new byte[bytes];
            for (int i = 0; i < messages; i += FILL_EACH) {
                for (int j = 0; j < FILL_EACH; j++) {
                    channel.basicPublish(
                            "", "gateway.recv", MessageProperties.PERSISTENT_BASIC, body);
                }
                channel.waitForConfirms();
            }
        }
    }

    private static double ours(ProcessCosts.Report report) {
        return report.own().working() + report.own().collecting();
    }

    private static double sum(ProcessCosts.Report report) {
        return ours(report) + report.redisMicros();
    }

    private static void print(String what, List<Costs> all) {
        all.getLast()
                .byLoad()
                .forEach((load, report) ->
                        System.out.printf(
                                "%-16s %-8s %8.0f events/s  %6.1f + %5.1f = %6.1f  x %.2f  round"
                                        + " trips/event %.3f%n",
                                what,
                                load,
                                report.perSecond(),
                                ours(report),
                                report.redisMicros(),
                                sum(report),
                                sum(report) / sum(all.getFirst().byLoad().get(load)),
                                report.trips()));
    }
}
