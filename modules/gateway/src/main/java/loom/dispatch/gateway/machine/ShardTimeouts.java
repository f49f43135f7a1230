package loom.dispatch.gateway.machine;

import java.time.Duration;

/**
 * The waits of a shard.
 *
 * @param place after which an attempt to connect no longer counts among those that {@link
 *     ConnectLimiter} lets go together: six times the 0.32 s of processor that they cost, and even
 *     where none gets an answer a fleet of 1,024 has begun after 1,024 / 64 x 2 s = 32 s, long
 *     before Discord forgets a session
 * @param connect for the TCP, TLS and WebSocket handshakes
 * @param hello from the open socket to HELLO; production answers within milliseconds
 * @param ready from IDENTIFY or RESUME, or from the last event of a replay, to READY or RESUMED; in
 *     an outage Discord issues sessions late, and asking again costs one of the day's identifies
 * @param invalidLeast the least pause after op 9, asked for by Discord to stagger clients
 * @param invalidMost the most of it
 * @param spread the most that a first reconnect waits, so that a node's shards do not all come back
 *     in one millisecond
 * @param backOffFirst the pause after the first failure; doubles with each
 * @param backOffMost the longest pause
 * @param idle after which a connection that said nothing more is asked by a heartbeat
 * @param answer how long it has to answer: with {@code idle} before it no sign of life at all, just
 *     after an event, for twenty seconds
 * @param watch how often it is looked whether events still come
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

    /** No heartbeat faster than this, whatever HELLO says: an interval of 0 must not spin. */
    public static final long LEAST_INTERVAL_MILLIS = 50;

    /** No heartbeat slower than this: the zombie check depends on it. */
    static final long MOST_INTERVAL_MILLIS = 300_000;

    /** The longest pause after this many failures in a row; the shortest is half of it. */
    Duration backOff(int failures) {
        if (failures == 0) {
            return spread;
        }
        // 2^16 s is far beyond any backOffMost, and the shift stays in range
        Duration grown = backOffFirst.multipliedBy(1L << Math.min(failures - 1, 16));
        return grown.compareTo(backOffMost) < 0 ? grown : backOffMost;
    }
}
