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
    private final BulkHandlers sweepings;
    private final UnreadableValues unreadable;
    private final long nowMillis;
    private final Talk talk;

    private final List<StateCache.AppliedEvent> applied = new ArrayList<>();
    private final List<ScannedEvent> run = new ArrayList<>();
    private final List<Integer> runPlaces = new ArrayList<>();
    private int runBytes;

    /** Redis may not hold the bot's id either. One read in each batch is enough. */
    private boolean botIdSought;

    /** Runs work on a Redis connection. The configuration decides whether it retries. */
    interface Talk {
        <T> T hold(RedisClient.Conversation<T> conversation) throws InterruptedException;
    }

    BatchApplier(
            int shard,
            ShardApplyState state,
            StateConfig config,
            ChunkSizes bounds,
            BulkHandlers sweepings,
            UnreadableValues unreadable,
            long nowMillis,
            Talk talk) {
        this.shard = shard;
        this.state = state;
        this.config = config;
        this.bounds = bounds;
        this.sweepings = sweepings;
        this.unreadable = unreadable;
        this.nowMillis = nowMillis;
        this.talk = talk;
    }

    List<StateCache.AppliedEvent> apply(List<StateEvent> batch) throws InterruptedException {
        introduce();
        tellStale();
        sweepExpired();
        for (StateEvent raw : batch) {
            applied.add(StateCache.AppliedEvent.NOTHING);
            if (isRelevant(raw.type())) {
                take(raw);
            }
        }
        endRun();
        return applied;
    }

    private boolean isRelevant(String type) {
        return sweepings.mayBe(type)
                || (config.enabled()
                        ? EventRules.of(type).isPresent()
                        : type.equals("USER_UPDATE"));
    }

    private void take(StateEvent raw) throws InterruptedException {
        try {
            ScannedEvent event = new ScannedEvent(raw);
            Optional<BulkHandler> sweeping = sweepings.of(event, botId());
            if (sweeping.isPresent()) {
                endRun();
                applied.set(applied.size() - 1, sweep(event, sweeping.get()));
            } else {
                addToRun(event);
            }
        } catch (JsonSyntaxException fault) {
            unreadable.add(raw.type(), fault);
        }
    }

    private void addToRun(ScannedEvent event) throws InterruptedException {
        run.add(event);
        runPlaces.add(applied.size() - 1);
        runBytes += event.raw().data().length;
        if (run.size() >= RuleBatch.EVENTS || runBytes >= RuleBatch.BYTES) {
            endRun();
        }
    }

    private void endRun() throws InterruptedException {
        if (run.isEmpty()) {
            return;
        }
        RuleBatch batch = new RuleBatch(List.copyOf(run), scope(), unreadable);
        List<StateCache.AppliedEvent> results =
                talk.hold(wire -> batch.apply(wire, shard, nowMillis));
        for (int i = 0; i < results.size(); i++) {
            applied.set(runPlaces.get(i), results.get(i));
        }
        run.clear();
        runPlaces.clear();
        runBytes = 0;
    }

    private StateCache.AppliedEvent sweep(ScannedEvent event, BulkHandler sweeping)
            throws InterruptedException {
        RuleContext scope = scope();
        StateCache.AppliedEvent result =
                talk.hold(wire -> {
                    ShardFence fence = ShardFence.begin(wire, shard, sweeping.reads(event, shard));
                    if (fence.isApplied(event.raw())) {
                        fence.leave();
                        return StateCache.AppliedEvent.NOTHING;
                    }
                    try {
                        return sweeping.apply(
                                event,
                                new BulkUpdate(fence, shard, scope, bounds, nowMillis, unreadable),
                                fence.replies());
                    } catch (JsonSyntaxException fault) {
                        fence.leave();
                        throw fault;
                    }
                });
        if (event.type().equals("READY")) {
            state.botId(ObjectKind.MEMBER.id(event.data()));
            state.fresh();
        }
        return result;
    }

    private RuleContext scope() throws InterruptedException {
        return new RuleContext(config, botId());
    }

    /**
     * Returns the bot's id from READY. After a resume it comes from the {@code bot_user} that an
     * earlier process wrote.
     */
    private String botId() throws InterruptedException {
        if (state.botId().isEmpty() && !botIdSought) {
            botIdSought = true;
            Object reply =
                    talk.hold(wire -> wire.exchange(List.of(RedisCommands.get(RedisKeys.BOT_USER))))
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
    private void introduce() throws InterruptedException {
        if (config.enabled() && !state.introduced()) {
            state.introduce(talk.hold(wire -> StaleMarker.isSet(wire, shard)));
        }
    }

    private void tellStale() throws InterruptedException {
        Optional<Long> since = state.untoldStale();
        if (since.isPresent()) {
            talk.hold(wire -> {
                StaleMarker.set(wire, shard, since.get());
                return null;
            });
            state.toldStale();
        }
    }

    private void sweepExpired() throws InterruptedException {
        if (config.enabled() && state.sweepIsDue(nowMillis)) {
            RuleContext scope = new RuleContext(config, state.botId());
            state.nextSweep(
                    talk.hold(wire -> ExpiredKeyCleanup.sweep(wire, shard, scope, nowMillis)));
        }
    }
}
