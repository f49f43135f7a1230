package loom.dispatch.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One call of a shard's dispatch thread: cuts the batch into runs of events under {@link Rules} and
 * single events under {@link Sweepings}, and applies them one after the other.
 */
final class Round {
    private final int shard;
    private final ShardState state;
    private final StateConfig config;
    private final Bounds bounds;
    private final Sweepings sweepings;
    private final Unreadable unreadable;
    private final long nowMillis;
    private final Talk talk;

    private final List<Applied> applied = new ArrayList<>();
    private final List<Event> run = new ArrayList<>();
    private final List<Integer> runPlaces = new ArrayList<>();
    private int runBytes;

    /** Redis may not know it either; once a round is often enough to ask. */
    private boolean botIdSought;

    /** Holds a conversation with Redis, with the patience that the configuration asks for. */
    interface Talk {
        <T> T hold(Redis.Conversation<T> conversation) throws InterruptedException;
    }

    Round(
            int shard,
            ShardState state,
            StateConfig config,
            Bounds bounds,
            Sweepings sweepings,
            Unreadable unreadable,
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

    List<Applied> apply(List<CacheEvent> batch) throws InterruptedException {
        introduce();
        tellStale();
        sweepExpired();
        for (CacheEvent raw : batch) {
            applied.add(Applied.NOTHING);
            if (isRelevant(raw.type())) {
                take(raw);
            }
        }
        endRun();
        return applied;
    }

    private boolean isRelevant(String type) {
        return sweepings.mayBe(type)
                || (config.enabled() ? Rules.of(type).isPresent() : type.equals("USER_UPDATE"));
    }

    private void take(CacheEvent raw) throws InterruptedException {
        try {
            Event event = new Event(raw);
            Optional<Sweeping> sweeping = sweepings.of(event, botId());
            if (sweeping.isPresent()) {
                endRun();
                applied.set(applied.size() - 1, sweep(event, sweeping.get()));
            } else {
                addToRun(event);
            }
        } catch (JsonFault fault) {
            unreadable.add(raw.type(), fault);
        }
    }

    private void addToRun(Event event) throws InterruptedException {
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
        List<Applied> results = talk.hold(wire -> batch.apply(wire, shard, nowMillis));
        for (int i = 0; i < results.size(); i++) {
            applied.set(runPlaces.get(i), results.get(i));
        }
        run.clear();
        runPlaces.clear();
        runBytes = 0;
    }

    private Applied sweep(Event event, Sweeping sweeping) throws InterruptedException {
        Scope scope = scope();
        Applied result =
                talk.hold(wire -> {
                    Fence fence = Fence.begin(wire, shard, sweeping.reads(event, shard));
                    if (fence.isApplied(event.raw())) {
                        fence.leave();
                        return Applied.NOTHING;
                    }
                    try {
                        return sweeping.apply(
                                event,
                                new Sweep(fence, shard, scope, bounds, nowMillis, unreadable),
                                fence.replies());
                    } catch (JsonFault fault) {
                        fence.leave();
                        throw fault;
                    }
                });
        if (event.type().equals("READY")) {
            state.botId(Kind.MEMBER.id(event.data()));
            state.fresh();
        }
        return result;
    }

    private Scope scope() throws InterruptedException {
        return new Scope(config, botId());
    }

    /** The bot's id: from READY, or after a resumed start from what an earlier one wrote. */
    private String botId() throws InterruptedException {
        if (state.botId().isEmpty() && !botIdSought) {
            botIdSought = true;
            Object reply =
                    talk.hold(wire -> wire.exchange(List.of(Command.get(Keys.BOT_USER))))
                            .getFirst();
            try {
                Reply.bytes(reply)
                        .map(Fields::of)
                        .flatMap(user -> user.text("id"))
                        .ifPresent(state::botId);
            } catch (JsonFault foreign) {
                unreadable.add(Keys.BOT_USER, foreign);
            }
        }
        return state.botId();
    }

    /** A shard that an earlier process left stale still is. */
    private void introduce() throws InterruptedException {
        if (config.enabled() && !state.introduced()) {
            state.introduce(talk.hold(wire -> StaleMark.isSet(wire, shard)));
        }
    }

    private void tellStale() throws InterruptedException {
        Optional<Long> since = state.untoldStale();
        if (since.isPresent()) {
            talk.hold(wire -> {
                StaleMark.set(wire, shard, since.get());
                return null;
            });
            state.toldStale();
        }
    }

    private void sweepExpired() throws InterruptedException {
        if (config.enabled() && state.sweepIsDue(nowMillis)) {
            Scope scope = new Scope(config, state.botId());
            state.nextSweep(talk.hold(wire -> Expiry.sweep(wire, shard, scope, nowMillis)));
        }
    }
}
