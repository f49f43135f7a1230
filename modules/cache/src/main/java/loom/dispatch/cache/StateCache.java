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
 * Applies gateway events to the state in Redis. One thread for each shard calls {@link #apply}, in
 * the order of the shard's events. Different shards may call at the same time.
 */
public final class StateCache {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    /** How long a shard skips events before it tries Redis again. */
    private static final long RETRY_MILLIS = 1_000;

    private final RedisClient redis;
    private final StateConfig config;
    private final Clock clock;
    private final ChunkSizes bounds;
    private final BulkHandlers bulkHandlers;
    private final UnreadableValues unreadable = new UnreadableValues();
    private final ConcurrentHashMap<Integer, ShardApplyState> shards = new ConcurrentHashMap<>();

    /**
     * Creates the state of one bot.
     *
     * @param redis the connections
     * @param config what to keep
     * @param shardsTotal the bot's number of shards, which decides the shard of each guild
     */
    public StateCache(RedisClient redis, StateConfig config, int shardsTotal) {
        this(redis, config, shardsTotal, Clock.systemUTC());
    }

    /**
     * Creates the state of one bot with another clock.
     *
     * @param redis the connections
     * @param config what to keep
     * @param shardsTotal the bot's number of shards
     * @param clock the present time, for TTLs and markers
     */
    public StateCache(RedisClient redis, StateConfig config, int shardsTotal, Clock clock) {
        this(redis, config, shardsTotal, clock, ChunkSizes.DEFAULT);
    }

    /** Creates the state with other limits of a transaction. */
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
        this.bulkHandlers = new BulkHandlers(config.enabled(), shardsTotal);
    }

    /**
     * Applies events in order. Blocks while Redis does not answer, unless the configuration is
     * {@link StateConfig.Failure#SKIP}. Interruptible. Applying the same events again, for example
     * after a crash, leads to the same state.
     *
     * <p>Call it without events every few seconds for a quiet shard: it also removes the keys of
     * expired objects from the index sets.
     *
     * @param shard the shard that received the events
     * @param batch the events, oldest first
     * @return one result for each event, in the same order
     * @throws InterruptedException if the thread is interrupted; the batch may be half applied and
     *     must be applied again
     */
    public List<AppliedEvent> apply(int shard, List<StateEvent> batch) throws InterruptedException {
        ShardApplyState state = shards.computeIfAbsent(shard, _ -> new ShardApplyState());
        return switch (config.failure()) {
            case WAIT -> applier(shard, state, redis::runWithRetries).apply(batch);
            case SKIP -> applyOrSkip(shard, state, batch);
        };
    }

    private List<AppliedEvent> applyOrSkip(int shard, ShardApplyState state, List<StateEvent> batch)
            throws InterruptedException {
        long now = clock.millis();
        if (!state.isSkipping(now)) {
            try {
                return applier(shard, state, redis::runOnce).apply(batch);
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

    private BatchApplier applier(int shard, ShardApplyState state, BatchApplier.WorkRunner runner) {
        return new BatchApplier(
                shard, state, config, bounds, bulkHandlers, unreadable, clock.millis(), runner);
    }

    /**
     * Returns whether events of a shard were skipped since its last READY.
     *
     * @param shard the shard
     */
    public boolean stale(int shard) {
        ShardApplyState state = shards.get(shard);
        return state != null && state.stale();
    }

    /** Returns the ids of the stale shards, in order. Never blocks. */
    public List<Integer> staleShards() {
        return shards.keySet().stream().filter(this::stale).sorted().toList();
    }

    /** Returns the number of unreadable events and objects since the start. Never blocks. */
    public long unreadable() {
        return unreadable.count();
    }

    /**
     * The result of applying one event.
     *
     * @param old the object before the event, raw JSON; an array if the event is about several
     * @param guild the change of the bot's membership in a guild, if any
     */
    public record AppliedEvent(Optional<byte[]> old, Optional<GuildMembershipChange> guild) {
        /** The event changed no known object and no membership. */
        public static final AppliedEvent NOTHING =
                new AppliedEvent(Optional.empty(), Optional.empty());

        /** Refuses nulls. */
        public AppliedEvent {
            Objects.requireNonNull(old);
            Objects.requireNonNull(guild);
        }
    }
}
