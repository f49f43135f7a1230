package loom.dispatch.cache;

import loom.dispatch.cache.apply.ExpiredKeyCleanup;
import loom.dispatch.cache.apply.RuleBatch;
import loom.dispatch.cache.apply.ShardApplyState;
import loom.dispatch.cache.apply.ShardFence;
import loom.dispatch.cache.bulk.BulkHandler;
import loom.dispatch.cache.bulk.BulkHandlers;
import loom.dispatch.cache.bulk.BulkUpdate;
import loom.dispatch.cache.bulk.StaleMarker;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.cache.model.UnreadableValues;
import loom.dispatch.cache.redis.ChunkSizes;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.rules.EventRules;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies one batch of a shard's events. It splits the batch into runs of events with {@link
 * EventRules} and single events with {@link BulkHandlers}, and applies them in order. The shard's
 * dispatch thread creates and uses one for each batch.
 */
final class BatchApplier {
    private final int shard;
    private final ShardApplyState state;
    private final StateConfig config;
    private final ChunkSizes bounds;
    private final BulkHandlers bulkHandlers;
    private final UnreadableValues unreadable;
    private final long nowMillis;
    private final WorkRunner runner;

    private final List<StateCache.AppliedEvent> applied = new ArrayList<>();
    private final List<ScannedEvent> run = new ArrayList<>();
    private final List<Integer> runIndices = new ArrayList<>();
    private int runBytes;

    /** Redis may not hold the bot's id either. One read in each batch is enough. */
    private boolean botIdRead;

    /** Runs work on a Redis connection. The configuration decides whether it retries. */
    interface WorkRunner {
        <T> T run(RedisClient.Work<T> work) throws InterruptedException;
    }

    BatchApplier(
            int shard,
            ShardApplyState state,
            StateConfig config,
            ChunkSizes bounds,
            BulkHandlers bulkHandlers,
            UnreadableValues unreadable,
            long nowMillis,
            WorkRunner runner) {
        this.shard = shard;
        this.state = state;
        this.config = config;
        this.bounds = bounds;
        this.bulkHandlers = bulkHandlers;
        this.unreadable = unreadable;
        this.nowMillis = nowMillis;
        this.runner = runner;
    }

    List<StateCache.AppliedEvent> apply(List<StateEvent> batch) throws InterruptedException {
        readStaleMarker();
        writeStaleMarker();
        removeExpiredKeys();
        for (StateEvent raw : batch) {
            applied.add(StateCache.AppliedEvent.NOTHING);
            if (isRelevant(raw.type())) {
                add(raw);
            }
        }
        endRun();
        return applied;
    }

    private boolean isRelevant(String type) {
        return bulkHandlers.mayBe(type)
                || (config.enabled()
                        ? EventRules.of(type).isPresent()
                        : type.equals("USER_UPDATE"));
    }

    private void add(StateEvent raw) throws InterruptedException {
        try {
            ScannedEvent event = new ScannedEvent(raw);
            Optional<BulkHandler> handler = bulkHandlers.of(event, botId());
            if (handler.isPresent()) {
                endRun();
                applied.set(applied.size() - 1, applyAlone(event, handler.get()));
            } else {
                addToRun(event);
            }
        } catch (JsonSyntaxException fault) {
            unreadable.add(raw.type(), fault);
        }
    }

    private void addToRun(ScannedEvent event) throws InterruptedException {
        run.add(event);
        runIndices.add(applied.size() - 1);
        runBytes += event.raw().data().length;
        if (run.size() >= RuleBatch.EVENTS || runBytes >= RuleBatch.BYTES) {
            endRun();
        }
    }

    private void endRun() throws InterruptedException {
        if (run.isEmpty()) {
            return;
        }
        RuleBatch batch = new RuleBatch(List.copyOf(run), context(), unreadable);
        List<StateCache.AppliedEvent> results =
                runner.run(connection -> batch.apply(connection, shard, nowMillis));
        for (int i = 0; i < results.size(); i++) {
            applied.set(runIndices.get(i), results.get(i));
        }
        run.clear();
        runIndices.clear();
        runBytes = 0;
    }

    private StateCache.AppliedEvent applyAlone(ScannedEvent event, BulkHandler handler)
            throws InterruptedException {
        RuleContext context = context();
        StateCache.AppliedEvent result =
                runner.run(connection -> {
                    ShardFence fence =
                            ShardFence.begin(connection, shard, handler.reads(event, shard));
                    if (fence.isApplied(event.raw())) {
                        fence.unwatch();
                        return StateCache.AppliedEvent.NOTHING;
                    }
                    try {
                        return handler.apply(
                                event,
                                new BulkUpdate(
                                        fence, shard, context, bounds, nowMillis, unreadable),
                                fence.replies());
                    } catch (JsonSyntaxException fault) {
                        fence.unwatch();
                        throw fault;
                    }
                });
        if (event.type().equals("READY")) {
            state.botId(ObjectKind.MEMBER.id(event.data()));
            state.markFresh();
        }
        return result;
    }

    private RuleContext context() throws InterruptedException {
        return new RuleContext(config, botId());
    }

    /**
     * Returns the bot's id from READY. After a resume it comes from the {@code bot_user} that an
     * earlier process wrote.
     */
    private String botId() throws InterruptedException {
        if (state.botId().isEmpty() && !botIdRead) {
            botIdRead = true;
            Object reply =
                    runner.run(connection ->
                                    connection.exchange(
                                            List.of(RedisCommands.get(RedisKeys.BOT_USER))))
                            .getFirst();
            try {
                RedisReplies.bytes(reply)
                        .map(JsonObject::of)
                        .flatMap(user -> user.text("id"))
                        .ifPresent(state::botId);
            } catch (JsonSyntaxException foreign) {
                unreadable.add(RedisKeys.BOT_USER, foreign);
            }
        }
        return state.botId();
    }

    /** Reads the stale marker once, because an earlier process may have left the shard stale. */
    private void readStaleMarker() throws InterruptedException {
        if (config.enabled() && !state.staleMarkerRead()) {
            state.staleMarkerRead(runner.run(connection -> StaleMarker.isSet(connection, shard)));
        }
    }

    private void writeStaleMarker() throws InterruptedException {
        Optional<Long> since = state.unwrittenStaleSince();
        if (since.isPresent()) {
            runner.run(connection -> {
                StaleMarker.set(connection, shard, since.get());
                return null;
            });
            state.staleMarkerWritten();
        }
    }

    private void removeExpiredKeys() throws InterruptedException {
        if (config.enabled() && state.cleanupIsDue(nowMillis)) {
            RuleContext context = new RuleContext(config, state.botId());
            state.nextCleanup(
                    runner.run(connection ->
                            ExpiredKeyCleanup.run(connection, shard, context, nowMillis)));
        }
    }
}
