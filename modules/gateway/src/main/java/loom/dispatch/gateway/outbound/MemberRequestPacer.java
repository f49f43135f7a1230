package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.limits.SlidingWindow;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Spaces the requests for all members of a guild: one for each guild and bot in 30 s (protocol
 * sections 1.7 and 5.6). A guild belongs to one shard, so each shard keeps its own; it outlives
 * connections, for Discord's does. Owner: the shard's thread.
 *
 * <p>Discord may still refuse one, when another process of the same bot asked: it says so by the
 * event RATE_LIMITED, long after the frame has left, and the request is repeated when it may be.
 *
 * <p>Bound: a guild is forgotten when its time is over, and at most 117 frames leave in 61 s, so
 * some 60 guilds are held.
 */
final class MemberRequestPacer {
    /** A second more than Discord's, for what the network delays or hurries. */
    static final Duration SPACING = Duration.ofSeconds(31);

    /** Beyond it somebody else asks for the same guild all the time, and the worker sees it. */
    static final int MOST_REPEATS = 3;

    /** No {@code retry_after} on record is longer than 30 s; a wrong one must not stop a guild. */
    private static final Duration LONGEST_REFUSAL = Duration.ofMinutes(2);

    private record Asked(Optional<QueuedFrame> request, int repeats, long freeAtNanos) {
        private boolean isOf(QueuedFrame other) {
            return request.filter(mine -> mine == other).isPresent();
        }
    }

    private final Map<String, Asked> latest = new HashMap<>();

    /** From when on all members of that guild may be asked for. */
    long freeAtNanos(String guildId) {
        Asked asked = latest.get(guildId);
        return asked == null ? SlidingWindow.NOW : asked.freeAtNanos;
    }

    /** The request has left. */
    void left(QueuedFrame request, String guildId, long nowNanos) {
        latest.values().removeIf(asked -> asked.freeAtNanos <= nowNanos && !asked.isOf(request));
        Asked before = latest.get(guildId);
        int repeats = before != null && before.isOf(request) ? before.repeats + 1 : 0;
        latest.put(guildId, new Asked(Optional.of(request), repeats, nowNanos + SPACING.toNanos()));
    }

    /**
     * Discord refused the request for that guild.
     *
     * @return the request, to be sent once more when {@link #freeAtNanos} comes
     */
    Optional<QueuedFrame> refused(RateLimitedEvent refusal, long nowNanos) {
        Asked before = latest.get(refusal.guildId());
        long wait = Math.min(refusal.retryAfter().toNanos(), LONGEST_REFUSAL.toNanos());
        Optional<QueuedFrame> again =
                before == null || before.repeats >= MOST_REPEATS
                        ? Optional.empty()
                        : before.request.filter(request -> refusal.concerns(request.frame()));
        latest.put(
                refusal.guildId(),
                new Asked(again, before == null ? 0 : before.repeats, nowNanos + wait));
        return again;
    }
}
