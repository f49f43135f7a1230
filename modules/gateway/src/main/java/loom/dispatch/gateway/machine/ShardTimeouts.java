package loom.dispatch.gateway.machine;

import java.time.Duration;

/**
 * The timeouts and pauses of a shard.
 *
 * @param place the time after which a connection attempt no longer counts in {@link
 *     ConnectLimiter}: six times the 0.32 s of processor time that its attempts cost. Even if no
 *     attempt is answered, a fleet of 1,024 shards has begun after 1,024 / 64 x 2 s = 32 s, long
 *     before Discord forgets a session
 * @param connect the deadline of the TCP, TLS and WebSocket handshakes
 * @param hello the deadline from the open connection to HELLO; Discord needs milliseconds
 * @param ready the deadline from IDENTIFY or RESUME, or from the last replayed event, to READY or
 *     RESUMED; during an outage Discord is slow, and another attempt costs one of the day's
 *     IDENTIFYs
 * @param invalidLeast the shortest pause after op 9, which Discord asks for to stagger clients
 * @param invalidMost the longest pause after the first op 9
 * @param spread the longest pause before the first reconnect, so that not all shards return in the
 *     same millisecond
 * @param backOffFirst the pause after the first failure; it doubles with each further one
 * @param backOffMost the longest pause
 * @param idle the time after the last event after which a connection is tested with a heartbeat
 * @param answer the deadline of the answer to it: together with {@code idle} twenty seconds without
 *     any frame
 * @param watch the interval at which the watchdog checks that events arrive
 */
public record ShardTimeouts(
        Duration place,
        Duration connect,
        Duration hello,
        Duration ready,
        Duration invalidLeast,
        Duration invalidMost,
        Duration spread,
        Duration backOffFirst,
        Duration backOffMost,
        Duration idle,
        Duration answer,
        Duration watch) {

    public static final ShardTimeouts STANDARD =
            new ShardTimeouts(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10));

    /**
     * The least heartbeat interval, so that an interval of 0 in HELLO cannot make the shard spin.
     */
    public static final long LEAST_INTERVAL_MILLIS = 50;

    /** The greatest heartbeat interval, because dead connections are detected by heartbeats. */
    static final long MOST_INTERVAL_MILLIS = 300_000;

    /**
     * Returns the longest pause after this number of consecutive failures. The shortest is half of
     * it.
     */
    Duration backOff(int failures) {
        if (failures == 0) {
            return spread;
        }
        // 2^16 s exceeds any backOffMost, and the shift does not overflow
        Duration grown = backOffFirst.multipliedBy(1L << Math.min(failures - 1, 16));
        return grown.compareTo(backOffMost) < 0 ? grown : backOffMost;
    }
}
