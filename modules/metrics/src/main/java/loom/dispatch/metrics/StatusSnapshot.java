package loom.dispatch.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of the whole service at one moment: the source of {@code /status}, the status page and
 * the gauges of {@code /metrics}. A value that is not known yet is empty.
 *
 * @param service the process
 * @param totalShards the bot's number of shards over all processes
 * @param shards the shards of this process, ordered by id
 * @param rates event rates of the last minutes
 * @param broker the state of the RabbitMQ connections
 * @param spool the state of the disk spool; empty if no spool is configured
 * @param cache the state of Redis
 * @param identifies the daily IDENTIFY limit
 * @param sessions counters of gateway sessions
 */
public record StatusSnapshot(
        Service service,
        int totalShards,
        List<Shard> shards,
        Rates rates,
        Optional<Broker> broker,
        Optional<Spool> spool,
        Optional<Cache> cache,
        Optional<IdentifyBudget> identifies,
        Sessions sessions) {

    /** The snapshot of a process that is starting and knows no shard yet. */
    public static StatusSnapshot starting(String version, Instant started) {
        return new StatusSnapshot(
                new Service(version, started, Phase.STARTING),
                0,
                List.of(),
                new Rates(Duration.ofSeconds(1), List.of(), List.of()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new Sessions(0, 0, 0, 0));
    }

    /** The phases of the process, in order. */
    public enum Phase {
        STARTING,
        RUNNING,
        DRAINING
    }

    /**
     * The process.
     *
     * @param version the service's version
     * @param started the time of the start
     * @param phase the current phase
     */
    public record Service(String version, Instant started, Phase phase) {}

    /** A shard's state, with the names that twilight-dispatch uses. */
    public enum State {
        CONNECTED,
        DISCONNECTED,
        HANDSHAKING,
        IDENTIFYING,
        RESUMING;

        /** The label value in {@code gateway_statuses}, for example {@code Connected}. */
        public String label() {
            return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * The state of one shard.
     *
     * @param id the shard's id
     * @param state the shard's state
     * @param latencyMillis latency of the last acknowledged heartbeat; 0 before the first
     * @param eventAge time since the shard's last event
     * @param ackAge time since Discord's last heartbeat acknowledgement
     * @param received last sequence received in the current session; 0 without a session
     * @param settled last sequence that Redis holds and RabbitMQ confirmed; 0 without a session
     * @param unsettledEvents events that are received and not settled
     * @param unsettledBytes bytes of those events
     * @param resumable whether the shard has a session that it can resume
     * @param withholding whether the shard reads no frames because its backlog is full
     */
    public record Shard(
            int id,
            State state,
            int latencyMillis,
            Optional<Duration> eventAge,
            Optional<Duration> ackAge,
            long received,
            long settled,
            long unsettledEvents,
            long unsettledBytes,
            boolean resumable,
            boolean withholding) {}

    /**
     * Events per second, oldest value first; see {@link RateHistory}.
     *
     * @param step the time between two values
     * @param received events that Discord sent
     * @param confirmed events that RabbitMQ confirmed
     */
    public record Rates(Duration step, List<Double> received, List<Double> confirmed) {}

    /**
     * The state of the RabbitMQ connections. Counters start with the process.
     *
     * @param connections configured connections
     * @param up open connections
     * @param blocked connections that a RabbitMQ memory or disk alarm blocks
     * @param inFlightMessages messages that are published and not confirmed
     * @param inFlightBytes bytes of the bodies of those messages
     * @param published messages published; a message published again counts once
     * @param confirmed messages that RabbitMQ confirmed
     * @param resent repeated publishes of a message
     * @param nacked negative confirms
     * @param disconnects lost connections
     */
    public record Broker(
            int connections,
            int up,
            int blocked,
            long inFlightMessages,
            long inFlightBytes,
            long published,
            long confirmed,
            long resent,
            long nacked,
            long disconnects) {}

    /**
     * The state of the disk spool, which holds events that RabbitMQ does not accept yet.
     *
     * @param bytes bytes in the spool
     * @param capacityBytes the spool's limit in bytes
     * @param spooling shards whose events pass through the spool
     * @param failing spooling shards whose spool cannot be written or read
     */
    public record Spool(long bytes, long capacityBytes, int spooling, int failing) {}

    /**
     * The state of Redis.
     *
     * @param up whether Redis answers
     * @param roundTrip duration of the last query of the sizes
     * @param sizes number of cached objects by kind: {@code guilds}, {@code channels}, {@code
     *     messages}, {@code roles}, {@code emojis}, {@code members}, {@code presences}, {@code
     *     voices} and so on
     * @param staleShards shards whose events were not applied because Redis was unavailable
     */
    public record Cache(
            boolean up,
            Optional<Duration> roundTrip,
            Map<String, Long> sizes,
            List<Integer> staleShards) {}

    /**
     * Discord's daily IDENTIFY limit.
     *
     * @param total IDENTIFYs allowed per day
     * @param remaining IDENTIFYs left
     * @param resetAfter time until Discord resets the limit
     * @param concurrency {@code max_concurrency}: IDENTIFYs allowed at the same time
     * @param waiting the reason why shards may not IDENTIFY; empty if no shard waits
     */
    public record IdentifyBudget(
            int total,
            int remaining,
            Duration resetAfter,
            int concurrency,
            Optional<String> waiting) {}

    /**
     * Counters of gateway sessions since the start of the process.
     *
     * @param identified new sessions
     * @param resumed resumed sessions
     * @param gaps sessions that ended while Discord held events that the service cannot receive
     * @param silences reconnects of shards that received no events although Discord acknowledged
     *     their heartbeats
     */
    public record Sessions(long identified, long resumed, long gaps, long silences) {}
}
