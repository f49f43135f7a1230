package loom.dispatch.benchmarks;

import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.simulator.GuildShape;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The image's resident memory: with shards that are ready and quiet, after a burst of the largest
 * messages, and over minutes of load. The broker is a {@link SinkBroker}, Redis is real.
 */
final class MemoryBench {
    private static final List<Integer> SHARDS = List.of(16, 256, 1_024);

    /** The most that Discord is known to have sent at once, to one account. */
    private static final int LARGEST_BYTES = 64 << 20;

    private static final String MEMBER =
            """
            {"user":{"id":"%d","username":"user%d","discriminator":"0","avatar":null},"nick":null,"roles":[],\
            "joined_at":"2020-01-01T00:00:00+00:00","deaf":false,"mute":false,"flags":0},\
            """;

    private static final long SETTLE_MILLIS = 10_000;
    private static final int LOAD_SHARDS = 16;
    private static final double LOAD_PER_SECOND = 5_000;

    private final Options options;

    MemoryBench(Options options) {
        this.options = options;
    }

    void run() throws IOException, InterruptedException, TimeoutException {
        GuildShape guilds = GuildShape.small().perShard(2).members(50);
        Recording recording = Recording.of(options.mix(), guilds, 2 * Tape.SEGMENT);
        Tape tape = Tape.of(recording.traffic());
        for (int shards : SHARDS) {
            quiet(recording, tape, shards);
        }
        burst(recording, tape);
        load(recording, tape);
    }

    private interface Measurement {
        void take(Stage stage) throws IOException, InterruptedException, TimeoutException;
    }

    private void with(Recording recording, Tape tape, int shards, Measurement measurement)
            throws IOException, InterruptedException, TimeoutException {
        Path scratch = Path.of(System.getProperty("bench.target"), "run");
        try (RedisServer redis = Servers.redis("--appendonly", "no")) {
            var servers = new Stage.Servers(options.image(), scratch, Optional.empty(), redis);
            try (Stage stage = Stage.start(servers, shards, recording, tape, Map.of())) {
                Thread.sleep(SETTLE_MILLIS);
                measurement.take(stage);
            }
        }
    }

    private void quiet(Recording recording, Tape tape, int shards)
            throws IOException, InterruptedException, TimeoutException {
        with(recording, tape, shards, stage -> tell("%d quiet shards".formatted(shards), stage));
    }

    private void burst(Recording recording, Tape tape)
            throws IOException, InterruptedException, TimeoutException {
        String guild = new String(recording.guilds().getFirst().data(), StandardCharsets.UTF_8);
        with(
                recording,
                tape,
                LOAD_SHARDS,
                stage -> {
                    stage.discord().shards().getFirst().sendAlone("GUILD_CREATE", grown(guild));
                    stage.awaitReceived(1);
                    tell("after a guild of 64 MB", stage);
                    Thread.sleep(TimeUnit.MINUTES.toMillis(2));
                    tell("two minutes later", stage);
                });
    }

    /** The same guild with so many more members that it has the largest size. */
    private static String grown(String guild) {
        String members = "\"members\":[";
        int at = guild.indexOf(members) + members.length();
        var text = new StringBuilder(LARGEST_BYTES + guild.length()).append(guild, 0, at);
        for (long user = 1L << 58; text.length() < LARGEST_BYTES; user++) {
            text.append(MEMBER.formatted(user, user));
        }
        return text.append(guild, at, guild.length()).toString();
    }

    private void load(Recording recording, Tape tape)
            throws IOException, InterruptedException, TimeoutException {
        with(
                recording,
                tape,
                LOAD_SHARDS,
                stage -> {
                    var sender = new Sender(stage.discord().shards(), stage.arrivals());
                    for (int minute = 1; minute <= options.minutes(); minute++) {
                        sender.steadily(LOAD_PER_SECOND, TimeUnit.MINUTES.toNanos(1));
                        tell("%.0f events/s, minute %d".formatted(LOAD_PER_SECOND, minute), stage);
                    }
                    stage.awaitReceived(sender.sent());
                });
    }

    private static void tell(String what, Stage stage) throws IOException {
        System.out.printf(
                "%-28s RSS %4.0f MB%n", what, ProcFs.residentMegabytes(stage.image().pid()));
    }
}
