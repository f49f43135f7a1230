package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.BenchOptions;
import loom.dispatch.benchmarks.discord.CompressedTraffic;
import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.benchmarks.process.ProcessStatistics;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.GuildShape;
import loom.dispatch.simulator.TestCertificateAuthority;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Measures the image's resident memory: with ready and quiet shards, after a burst of the largest
 * messages, and during minutes of load. The broker is a {@link SinkBroker}; Redis is real.
 */
public final class MemoryBench {
    private static final List<Integer> SHARDS = List.of(16, 256, 1_024);

    /** The largest message that Discord is known to have sent. */
    private static final int LARGEST_BYTES = 64 << 20;

    private static final String MEMBER =
            """
            {"user":{"id":"%d","username":"user%d","discriminator":"0","avatar":null},"nick":null,"roles":[],\
            "joined_at":"2020-01-01T00:00:00+00:00","deaf":false,"mute":false,"flags":0},\
            """;

    private static final long SETTLE_MILLIS = 10_000;
    private static final int LOAD_SHARDS = 16;
    private static final int LOAD_PER_SECOND = 5_000;
    private static final int SAMPLE_SECONDS = 10;

    private final BenchOptions options;

    public MemoryBench(BenchOptions options) {
        this.options = options;
    }

    public void run() throws IOException, InterruptedException, TimeoutException {
        GuildShape guilds = GuildShape.small().perShard(2).members(50);
        RecordedTraffic recording =
                RecordedTraffic.of(options.mix(), guilds, 2 * CompressedTraffic.SEGMENT);
        CompressedTraffic traffic = CompressedTraffic.of(recording.traffic());
        for (int shards : SHARDS) {
            if (options.part("quiet")) {
                quiet(recording, traffic, shards, Optional.empty());
            }
            if (options.part("tls")) {
                quiet(
                        recording,
                        traffic,
                        shards,
                        Optional.of(TestCertificateAuthority.in(options.scratch())));
            }
        }
        if (options.part("burst")) {
            burst(recording, traffic);
        }
        if (options.part("load")) {
            load(recording, traffic);
        }
    }

    private interface Measurement {
        void take(BenchSetup setup) throws IOException, InterruptedException, TimeoutException;
    }

    private void with(
            RecordedTraffic recording,
            CompressedTraffic traffic,
            int shards,
            Optional<TestCertificateAuthority> authority,
            Measurement measurement)
            throws IOException, InterruptedException, TimeoutException {
        try (RedisServer redis = Servers.redis("--appendonly", "no")) {
            var servers =
                    new BenchSetup.Servers(
                            options.image(),
                            options.scratch(),
                            Optional.empty(),
                            redis,
                            authority,
                            true);
            try (BenchSetup setup =
                    BenchSetup.start(servers, shards, recording, traffic, Map.of())) {
                Thread.sleep(SETTLE_MILLIS);
                measurement.take(setup);
            }
        }
    }

    private void quiet(
            RecordedTraffic recording,
            CompressedTraffic traffic,
            int shards,
            Optional<TestCertificateAuthority> authority)
            throws IOException, InterruptedException, TimeoutException {
        String what = "%d quiet shards%s".formatted(shards, authority.isPresent() ? ", TLS" : "");
        with(recording, traffic, shards, authority, setup -> print(what, setup));
    }

    private void burst(RecordedTraffic recording, CompressedTraffic traffic)
            throws IOException, InterruptedException, TimeoutException {
        String guild = new String(recording.guilds().getFirst().data(), StandardCharsets.UTF_8);
        with(
                recording,
                traffic,
                LOAD_SHARDS,
                Optional.empty(),
                setup -> {
                    setup.discord().shards().getFirst().sendAlone("GUILD_CREATE", enlarged(guild));
                    setup.awaitReceived(1);
                    print("after a 64 MB GUILD_CREATE", setup);
                    Thread.sleep(TimeUnit.MINUTES.toMillis(2));
                    print("two minutes later", setup);
                });
    }

    /** Returns the guild with more members, so that it has the largest size. */
    private static String enlarged(String guild) {
        String members = "\"members\":[";
        int at = guild.indexOf(members) + members.length();
        var text = new StringBuilder(LARGEST_BYTES + guild.length()).append(guild, 0, at);
        for (long user = 1L << 58; text.length() < LARGEST_BYTES; user++) {
            text.append(MEMBER.formatted(user, user));
        }
        return text.append(guild, at, guild.length()).toString();
    }

    private void load(RecordedTraffic recording, CompressedTraffic traffic)
            throws IOException, InterruptedException, TimeoutException {
        with(
                recording,
                traffic,
                LOAD_SHARDS,
                Optional.empty(),
                setup -> {
                    var sender = new TrafficSender(setup.discord().shards(), setup.arrivals());
                    List<Double> series = new ArrayList<>();
                    int rate = options.number("rate", LOAD_PER_SECOND);
                    int samples = options.number("minutes") * 60 / SAMPLE_SECONDS;
                    while (series.size() < samples) {
                        sender.steadily(rate, TimeUnit.SECONDS.toNanos(SAMPLE_SECONDS));
                        series.add(ProcessStatistics.residentMegabytes(setup.image().pid()));
                        int seconds = series.size() * SAMPLE_SECONDS;
                        if (seconds % 60 == 0) {
                            print("%d events/s, minute %d".formatted(rate, seconds / 60), setup);
                        }
                    }
                    setup.awaitReceived(sender.sent());
                    System.out.printf(
                            "%d samples: first %.0f, last %.0f, least %.0f, most %.0f MB%n",
                            samples,
                            series.getFirst(),
                            series.getLast(),
                            Collections.min(series),
                            Collections.max(series));
                });
    }

    private static void print(String what, BenchSetup setup) throws IOException {
        System.out.printf(
                "%-28s RSS %4.0f MB%n",
                what, ProcessStatistics.residentMegabytes(setup.image().pid()));
    }
}
