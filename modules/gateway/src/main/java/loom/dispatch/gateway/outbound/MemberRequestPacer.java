package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.limits.SlidingWindow;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Spaces requests for all members of a guild: one per guild and bot in 30 s (protocol sections 1.7
 * and 5.6). Owner: the shard's thread.
 *
 * <p>A guild belongs to one shard, so each shard has its own pacer. It outlives connections, as
 * Discord's limit does.
 *
 * <p>Discord may still refuse a request, for example because another process of the bot sent one.
 * It then dispatches RATE_LIMITED, long after the request was sent, and the request is repeated
 * when the limit allows it.
 *
 * <p>Bound: a guild's entry is removed when its time is over. At most 117 frames are sent in 61 s,
 * so about 60 guilds have an entry.
 */
final class MemberRequestPacer {
    /** One second more than Discord's interval, for variations of the network delay. */
    static final Duration SPACING = Duration.ofSeconds(31);

    /**
     * The greatest number of repeats. After that another process keeps asking for the same guild,
     * and the worker sees RATE_LIMITED.
     */
    static final int MOST_REPEATS = 3;

    /**
     * The longest wait after a refusal. The longest {@code retry_after} on record is 30 s; a wrong
     * one must not block a guild.
     */
    private static final Duration LONGEST_REFUSAL = Duration.ofMinutes(2);

    private record Request(Optional<QueuedFrame> request, int repeats, long freeAtNanos) {
        private boolean isOf(QueuedFrame other) {
            return request.filter(mine -> mine == other).isPresent();
        }
    }

    private final Map<String, Request> latest = new HashMap<>();

    /** Returns the time from which all members of the guild may be requested. */
    long freeAtNanos(String guildId) {
        Request entry = latest.get(guildId);
        return entry == null ? SlidingWindow.NOW : entry.freeAtNanos;
    }

    /** Reports that the request was sent. */
    void sent(QueuedFrame request, String guildId, long nowNanos) {
        latest.values().removeIf(entry -> entry.freeAtNanos <= nowNanos && !entry.isOf(request));
        Request before = latest.get(guildId);
        int repeats = before != null && before.isOf(request) ? before.repeats + 1 : 0;
        latest.put(
                guildId, new Request(Optional.of(request), repeats, nowNanos + SPACING.toNanos()));
    }

    /**
     * Reports that Discord refused the request for a guild.
     *
     * @return the request, to be sent again at {@link #freeAtNanos}
     */
    Optional<QueuedFrame> refused(RateLimitedEvent refusal, long nowNanos) {
        Request before = latest.get(refusal.guildId());
        long wait = Math.min(refusal.retryAfter().toNanos(), LONGEST_REFUSAL.toNanos());
        Optional<QueuedFrame> again =
                before == null || before.repeats >= MOST_REPEATS
                        ? Optional.empty()
                        : before.request.filter(request -> refusal.concerns(request.frame()));
        latest.put(
                refusal.guildId(),
                new Request(again, before == null ? 0 : before.repeats, nowNanos + wait));
        return again;
    }
}
