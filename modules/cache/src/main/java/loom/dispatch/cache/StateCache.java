package loom.dispatch.cache;

import loom.dispatch.cache.apply.ShardApplyState;
import loom.dispatch.cache.bulk.BulkHandlers;
import loom.dispatch.cache.model.UnreadableValues;
import loom.dispatch.cache.redis.ChunkSizes;
import loom.dispatch.cache.redis.RedisFailures;
import loom.dispatch.runtime.EventLog;

import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Applies a shard's events to the state in Redis. One thread a shard calls {@link #apply}, in the
 * shard's order; different shards may call at the same time.
 */
public final class StateCache {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    /** How long a shard lets events pass before it tries Redis again. */
    private static final long RETRY_MILLIS = 1_000;

    private final RedisClient redis;
    private final StateConfig config;
    private final Clock clock;
    private final ChunkSizes bounds;
    private final BulkHandlers sweepings;
    private final UnreadableValues unreadable = new UnreadableValues();
    private final ConcurrentHashMap<Integer, ShardApplyState> shards = new ConcurrentHashMap<>();

    /**
     * The state of one bot.
     *
     * @param redis the connections
     * @param config what to keep
     * @param shardsTotal the bot's number of shards: it decides which guilds are whose
     */
    public StateCache(RedisClient redis, StateConfig config, int shardsTotal) {
        this(redis, config, shardsTotal, Clock.systemUTC());
    }

    /**
     * The state of one bot, by another clock.
     *
     * @param redis the connections
     * @param config what to keep
     * @param shardsTotal the bot's number of shards
     * @param clock the present time, for TTLs and marks
     */
    public StateCache(RedisClient redis, StateConfig config, int shardsTotal, Clock clock) {
        this(redis, config, shardsTotal, clock, ChunkSizes.DEFAULT);
    }

    /** The same with other bounds of what is written at once. */
    StateCache(
            RedisClient redis,
            StateConfig config,
            int shardsTotal,
            Clock clock,
            ChunkSizes bounds) {
        if (shardsTotal < 1) {
            throw new IllegalArgumentException("shardsTotal must be positive: " + shardsTotal);
        }
        this.redis = Objects.requireNonNull(redis);
        this.config = Objects.requireNonNull(config);
        this.clock = Objects.requireNonNull(clock);
        this.bounds = bounds;
        this.sweepings = new BulkHandlers(config.enabled(), shardsTotal);
    }

    /**
     * Applies events in order. Blocks while Redis is away, unless {@link StateConfig.Failure#SKIP}
     * lets the events pass; interruptible. Applying the same events again, as after a crash, ends
     * in the same state. Call it with no events at least every few seconds on a quiet shard: it
     * also takes what Redis has dropped out of the sets.
     *
     * @param shard the shard they came in
     * @param batch the events, oldest first
     * @return an entry per event, in the same order
     * @throws InterruptedException when the thread is interrupted; the batch may be half applied
     *     and must be applied again
     */
    public List<AppliedEvent> apply(int shard, List<StateEvent> batch) throws InterruptedException {
        ShardApplyState state = shards.computeIfAbsent(shard, _ -> new ShardApplyState());
        return switch (config.failure()) {
            case WAIT -> round(shard, state, redis::patiently).apply(batch);
            case SKIP -> applyOrSkip(shard, state, batch);
        };
    }

    private List<AppliedEvent> applyOrSkip(int shard, ShardApplyState state, List<StateEvent> batch)
            throws InterruptedException {
        long now = clock.millis();
        if (!state.isSkipping(now)) {
            try {
                return round(shard, state, redis::once).apply(batch);
            } catch (RedisUnavailableException away) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("while waiting for Redis");
                }
                state.skipped(now, RETRY_MILLIS);
                LOG.write(
                        CacheLogEvents.STATE_SKIPPED,
                        shard,
                        batch.size(),
                        RedisFailures.reason(away));
            }
        }
        return Collections.nCopies(batch.size(), AppliedEvent.NOTHING);
    }

    private BatchApplier round(int shard, ShardApplyState state, BatchApplier.Talk talk) {
        return new BatchApplier(
                shard, state, config, bounds, sweepings, unreadable, clock.millis(), talk);
    }

    /**
     * Whether events of a shard passed the state by. Its next READY heals it.
     *
     * @param shard the shard
     * @return true until then
     */
    public boolean stale(int shard) {
        ShardApplyState state = shards.get(shard);
        return state != null && state.stale();
    }

    /**
     * The shards that are stale, in order. Never blocks.
     *
     * @return their ids
     */
    public List<Integer> staleShards() {
        return shards.keySet().stream().filter(this::stale).sorted().toList();
    }

    /**
     * How many events and objects could not be read so far. Never blocks.
     *
     * @return the count since the start
     */
    public long unreadable() {
        return unreadable.count();
    }

    /**
     * What applying one event brought to light.
     *
     * @param old the object as it was before the event, raw JSON; an array for events about several
     * @param guild the change of the bot's membership in a guild, if the event was one
     */
    public record AppliedEvent(Optional<byte[]> old, Optional<GuildMembershipChange> guild) {
        /** Nothing to tell. */
        public static final AppliedEvent NOTHING =
                new AppliedEvent(Optional.empty(), Optional.empty());

        /** Refuses nulls. */
        public AppliedEvent {
            Objects.requireNonNull(old);
            Objects.requireNonNull(guild);
        }
    }
}
