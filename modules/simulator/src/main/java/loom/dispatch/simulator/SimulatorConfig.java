package loom.dispatch.simulator;

import loom.dispatch.simulator.world.IntentBits;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Consumer;

/**
 * The configuration that a simulator starts with. {@link #standard} has a default for every value.
 * {@link Faults} changes behaviour later.
 *
 * @param token the only accepted bot token, shape {@code base64(bot id).x.y}
 * @param shards the recommended number of shards, 1 to 65,536; it determines which guilds exist
 * @param maxConcurrency identify keys, at least 1: one IDENTIFY per key and interval (section 1.7)
 * @param identifyInterval how long an IDENTIFY blocks its key; Discord: 5 s
 * @param identifyRefusalDelay longest random delay before op 9 answers an early IDENTIFY
 * @param heartbeatInterval the interval in HELLO; Discord: 41.25 s
 * @param missedHeartbeatCode close code after 1.5 intervals without a heartbeat; 0 closes the
 *     socket without a close frame, -1 tolerates it
 * @param replayEvents events that a session keeps for a RESUME, at least 1
 * @param backlogEvents unsent events that a connected but slow client may accumulate, at least
 *     {@code replayEvents}; above it the client loses its connection and session
 * @param sessionLifetime how long a session without a connection can be resumed
 * @param sendLimit client messages allowed per connection in 60 s; Discord: 120
 * @param startsTotal IDENTIFYs per day
 * @param startsRemaining IDENTIFYs left at the start
 * @param startsResetAfter the time until the reset that {@code /gateway/bot} reports
 * @param allowedIntents intent bits that the bot may use; privileged ones can be left out
 * @param shardMultiple the running shard count must be a multiple of it (section 3.2); 1 for any
 *     count
 * @param guilds the guilds of each shard
 * @param seed seed of all random choices
 * @param port port of REST and gateway on 127.0.0.1, 0 for a free one
 * @param resumePort port of {@code resume_gateway_url}, 0 for a free one
 */
public record SimulatorConfig(
        String token,
        int shards,
        int maxConcurrency,
        Duration identifyInterval,
        Duration identifyRefusalDelay,
        Duration heartbeatInterval,
        int missedHeartbeatCode,
        int replayEvents,
        int backlogEvents,
        Duration sessionLifetime,
        int sendLimit,
        int startsTotal,
        int startsRemaining,
        Duration startsResetAfter,
        int allowedIntents,
        int shardMultiple,
        GuildShape guilds,
        long seed,
        int port,
        int resumePort) {
    /** Discord's close code 4009. */
    private static final int SESSION_TIMED_OUT = 4009;

    public SimulatorConfig {
        require(token.chars().filter(c -> c == '.').count() == 2, "token: needs three parts");
        require(shards >= 1 && shards <= 65_536, "shards: 1 to 65536");
        require(maxConcurrency >= 1, "maxConcurrency: at least 1");
        require(heartbeatInterval.toMillis() >= 1, "heartbeatInterval: at least 1 ms");
        require(replayEvents >= 1, "replayEvents: at least 1");
        require(backlogEvents >= replayEvents, "backlogEvents: at least replayEvents");
        require(sendLimit >= 1, "sendLimit: at least 1");
        require(shardMultiple >= 1, "shardMultiple: at least 1");
    }

    /** Returns Discord's values for one shard. Change it with the {@code with...} methods. */
    public static SimulatorConfig standard() {
        return new SimulatorConfig(
                "MTA4OTIzNDU2Nzg5MDEyMzQ1Ng.simulated.token",
                1,
                16,
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofMillis(41_250),
                SESSION_TIMED_OUT,
                2_000,
                1_000_000,
                Duration.ofSeconds(180),
                120,
                1_000,
                1_000,
                Duration.ofHours(4),
                IntentBits.ALL,
                1,
                GuildShape.small(),
                1,
                0,
                0);
    }

    /** Returns the bot's user id, which the first part of the token contains. */
    public String botId() {
        String first = token.substring(0, token.indexOf('.'));
        return new String(Base64.getDecoder().decode(first), StandardCharsets.US_ASCII);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    public SimulatorConfig withToken(String value) {
        return changed(builder -> builder.token = value);
    }

    /**
     * Returns a copy with this shard count and at least two session starts per shard: large bots
     * get more than 1,000 (section 3.2).
     */
    public SimulatorConfig withShards(int value) {
        return changed(builder -> {
            builder.shards = value;
            builder.startsTotal = Math.max(builder.startsTotal, 2 * value);
            builder.startsRemaining = Math.max(builder.startsRemaining, 2 * value);
        });
    }

    public SimulatorConfig withMaxConcurrency(int value) {
        return changed(builder -> builder.maxConcurrency = value);
    }

    public SimulatorConfig withIdentifyInterval(Duration value) {
        return changed(builder -> builder.identifyInterval = value);
    }

    public SimulatorConfig withIdentifyRefusalDelay(Duration value) {
        return changed(builder -> builder.identifyRefusalDelay = value);
    }

    public SimulatorConfig withHeartbeatInterval(Duration value) {
        return changed(builder -> builder.heartbeatInterval = value);
    }

    public SimulatorConfig withMissedHeartbeatCode(int value) {
        return changed(builder -> builder.missedHeartbeatCode = value);
    }

    public SimulatorConfig withReplayEvents(int value) {
        return changed(builder -> {
            builder.replayEvents = value;
            builder.backlogEvents = Math.max(builder.backlogEvents, value);
        });
    }

    public SimulatorConfig withSessionLifetime(Duration value) {
        return changed(builder -> builder.sessionLifetime = value);
    }

    public SimulatorConfig withSendLimit(int value) {
        return changed(builder -> builder.sendLimit = value);
    }

    public SimulatorConfig withStartsTotal(int value) {
        return changed(builder -> {
            builder.startsTotal = value;
            builder.startsRemaining = value;
        });
    }

    public SimulatorConfig withStartsRemaining(int value) {
        return changed(builder -> builder.startsRemaining = value);
    }

    public SimulatorConfig withStartsResetAfter(Duration value) {
        return changed(builder -> builder.startsResetAfter = value);
    }

    public SimulatorConfig withAllowedIntents(int value) {
        return changed(builder -> builder.allowedIntents = value);
    }

    public SimulatorConfig withShardMultiple(int value) {
        return changed(builder -> builder.shardMultiple = value);
    }

    public SimulatorConfig withGuilds(GuildShape value) {
        return changed(builder -> builder.guilds = value);
    }

    public SimulatorConfig withSeed(long value) {
        return changed(builder -> builder.seed = value);
    }

    public SimulatorConfig withPort(int value) {
        return changed(builder -> builder.port = value);
    }

    public SimulatorConfig withResumePort(int value) {
        return changed(builder -> builder.resumePort = value);
    }

    public SimulatorConfig withGuildsPerShard(int value) {
        return withGuilds(guilds.perShard(value));
    }

    private SimulatorConfig changed(Consumer<Builder> change) {
        Builder builder = new Builder(this);
        change.accept(builder);
        return builder.build();
    }

    /** A mutable copy of the values, for the {@code with...} methods. */
    private static final class Builder {
        private String token;
        private int shards;
        private int maxConcurrency;
        private Duration identifyInterval;
        private Duration identifyRefusalDelay;
        private Duration heartbeatInterval;
        private int missedHeartbeatCode;
        private int replayEvents;
        private int backlogEvents;
        private Duration sessionLifetime;
        private int sendLimit;
        private int startsTotal;
        private int startsRemaining;
        private Duration startsResetAfter;
        private int allowedIntents;
        private int shardMultiple;
        private GuildShape guilds;
        private long seed;
        private int port;
        private int resumePort;

        Builder(SimulatorConfig from) {
            token = from.token;
            shards = from.shards;
            maxConcurrency = from.maxConcurrency;
            identifyInterval = from.identifyInterval;
            identifyRefusalDelay = from.identifyRefusalDelay;
            heartbeatInterval = from.heartbeatInterval;
            missedHeartbeatCode = from.missedHeartbeatCode;
            replayEvents = from.replayEvents;
            backlogEvents = from.backlogEvents;
            sessionLifetime = from.sessionLifetime;
            sendLimit = from.sendLimit;
            startsTotal = from.startsTotal;
            startsRemaining = from.startsRemaining;
            startsResetAfter = from.startsResetAfter;
            allowedIntents = from.allowedIntents;
            shardMultiple = from.shardMultiple;
            guilds = from.guilds;
            seed = from.seed;
            port = from.port;
            resumePort = from.resumePort;
        }

        SimulatorConfig build() {
            return new SimulatorConfig(
                    token,
                    shards,
                    maxConcurrency,
                    identifyInterval,
                    identifyRefusalDelay,
                    heartbeatInterval,
                    missedHeartbeatCode,
                    replayEvents,
                    backlogEvents,
                    sessionLifetime,
                    sendLimit,
                    startsTotal,
                    startsRemaining,
                    startsResetAfter,
                    allowedIntents,
                    shardMultiple,
                    guilds,
                    seed,
                    port,
                    resumePort);
        }
    }
}
