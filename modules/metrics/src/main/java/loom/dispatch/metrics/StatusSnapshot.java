package loom.dispatch.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole service at one moment, for {@code /status}, the page and the gauges of {@code
 * /metrics}. What a part cannot say yet is empty.
 *
 * @param service the process
 * @param totalShards shards over all processes
 * @param shards those of this process, by id
 * @param rates events a second over the last minutes
 * @param broker RabbitMQ
 * @param spool events on disk, if they may go there
 * @param cache Redis
 * @param identifies the day's budget of IDENTIFYs
 * @param sessions how sessions began and ended since the start
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

    /** A service that holds nothing yet. */
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

    /** Where the process is in its life. */
    public enum Phase {
        STARTING,
        RUNNING,
        DRAINING
    }

    /**
     * The process.
     *
     * @param started when it began
     */
    public record Service(String version, Instant started, Phase phase) {}

    /** A shard's state, in the words of the predecessor. */
    public enum State {
        CONNECTED,
        DISCONNECTED,
        HANDSHAKING,
        IDENTIFYING,
        RESUMING;

        /** As dashboards and {@code gateway_statuses} know it: {@code Connected}. */
        public String word() {
            return name().charAt(0) + name().substring(1).toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * One shard.
     *
     * @param latencyMillis of the latest answered heartbeat, 0 before the first
     * @param eventAge since its latest event
     * @param ackAge since Discord last answered a heartbeat
     * @param received last sequence received in the present session, 0 without one
     * @param settled last sequence that is in the cache and confirmed, 0 without one
     * @param unsettledEvents received and not settled
     * @param unsettledBytes their weight
     * @param resumable whether there is a session to go on with
     * @param withholding whether it takes no frames because its backlog is full
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
     * Events a second, oldest first; see {@link RateHistory}.
     *
     * @param step between two values
     * @param received from Discord
     * @param confirmed by RabbitMQ
     */
    public record Rates(Duration step, List<Double> received, List<Double> confirmed) {}

    /**
     * RabbitMQ.
     *
     * @param connections wanted
     * @param up of these, connected
     * @param blocked of these, stopped by an alarm
     * @param inFlightMessages published and not confirmed
     * @param inFlightBytes their bodies
     * @param published messages written, each once
     * @param confirmed messages confirmed
     * @param resent messages written again
     * @param nacked negative confirms
     * @param disconnects connections lost
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
     * Events that wait on disk for RabbitMQ.
     *
     * @param bytes of them
     * @param capacityBytes the most that may be
     * @param spooling shards whose events go through disk
     * @param failing of these, those whose disk is full or broken
     */
    public record Spool(long bytes, long capacityBytes, int spooling, int failing) {}

    /**
     * Redis.
     *
     * @param up whether it answers
     * @param roundTrip of the latest count of the sizes
     * @param sizes members of each set by kind: {@code guilds}, {@code channels}, {@code messages},
     *     {@code roles}, {@code emojis}, {@code members}, {@code presences}, {@code voices} and so
     *     on
     * @param staleShards shards whose events passed the state by while Redis was away
     */
    public record Cache(
            boolean up,
            Optional<Duration> roundTrip,
            Map<String, Long> sizes,
            List<Integer> staleShards) {}

    /**
     * Discord's daily budget of IDENTIFYs.
     *
     * @param resetAfter until it is full again
     * @param concurrency IDENTIFYs at a time
     * @param waiting why shards that want to IDENTIFY may not; empty if they may or none wants to
     */
    public record IdentifyBudget(
            int total,
            int remaining,
            Duration resetAfter,
            int concurrency,
            Optional<String> waiting) {}

    /**
     * Since the start of the process.
     *
     * @param identified sessions begun
     * @param resumed sessions resumed
     * @param gaps sessions that ended with events at Discord that we cannot get any more
     * @param silences times when a shard's events had stopped though its heartbeats were answered
     */
    public record Sessions(long identified, long resumed, long gaps, long silences) {}
}
