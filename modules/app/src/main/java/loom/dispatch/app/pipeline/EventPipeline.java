package loom.dispatch.app.pipeline;

import loom.dispatch.app.config.EventFilter;
import loom.dispatch.app.status.EventLatencies;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.SkippedEvent;
import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StateEvent;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.DispatchSink;
import loom.dispatch.metrics.EventCounter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The way of an event, from a shard's backlog to its settled checkpoint, in one place.
 *
 * <pre>
 *   gateway  shard thread     socket ─► inflate ─► envelope ─► Backlog
 *   here     dispatch thread  batch ─► cache.apply ─► lane.publish   (waits while Redis or RabbitMQ is away)
 *   broker   reading thread   confirm ─► lane settles in order ─► {@link SettlementReporter}
 *   gateway                   Backlog.settle ─► checkpoint
 *   here     {@link CheckpointWriter} checkpoint ─► Redis
 * </pre>
 *
 * The cache comes before the publish: who receives an event finds its effect in Redis. Invariant: a
 * checkpoint never names an event that is not both in the cache and confirmed. An event that the
 * filter keeps back settles in its turn like any other.
 */
public final class EventPipeline implements DispatchSink {
    private final StateCache cache;
    private final EventFilter filter;
    private final Consumer<GuildMembershipChange> guildChanges;
    private final Map<Integer, PublishingLane> lanes;
    private final Map<Integer, EventLatencies.Shard> latencies;
    private final Map<Integer, EventCounter.Shard> counters = new HashMap<>();

    /**
     * The way for these shards.
     *
     * @param guildChanges told of guilds that come and go; must not block
     * @param latencies each shard's observer
     * @param lanes each shard's lane
     */
    public EventPipeline(
            StateCache cache,
            EventFilter filter,
            EventCounter counter,
            Consumer<GuildMembershipChange> guildChanges,
            Map<Integer, EventLatencies.Shard> latencies,
            Map<Integer, PublishingLane> lanes) {
        this.cache = cache;
        this.filter = filter;
        this.guildChanges = guildChanges;
        this.latencies = Map.copyOf(latencies);
        this.lanes = Map.copyOf(lanes);
        lanes.keySet().forEach(shard -> counters.put(shard, counter.shard(shard)));
    }

    @Override
    public void accept(int shard, List<DispatchEvent> batch) throws InterruptedException {
        long begunNanos = System.nanoTime();
        EventCounter.Shard counter = counters.get(shard);
        List<StateEvent> changes = new ArrayList<>(batch.size());
        for (DispatchEvent event : batch) {
            counter.increment(event.type());
            changes.add(change(event));
        }
        List<StateCache.AppliedEvent> applied = cache.apply(shard, changes);
        applied.forEach(change -> change.guild().ifPresent(guildChanges));
        if (batch.isEmpty()) {
            lanes.get(shard).spoolIfMemoryIsShort();
            return;
        }
        long nowMillis = System.currentTimeMillis();
        long nowNanos = System.nanoTime();
        List<LaneItem> messages = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            DispatchEvent event = batch.get(i);
            messages.add(
                    filter.admits(event.type())
                            ? message(
                                    event,
                                    applied.get(i).old(),
                                    receivedMillis(event, nowMillis, nowNanos))
                            : new SkippedEvent(event.position()));
        }
        latencies.get(shard).handed(batch, begunNanos);
        lanes.get(shard).publish(messages);
    }

    private static StateEvent change(DispatchEvent event) {
        return new StateEvent(event.session().id(), event.sequence(), event.type(), event.data());
    }

    private static EventMessage message(
            DispatchEvent event, Optional<byte[]> old, long receivedMillis) {
        return new EventMessage(
                event.position(),
                event.type(),
                EventBody.of(event, old),
                event.messageId(),
                receivedMillis,
                origin(event));
    }

    /** When the event came, which may be long ago: it waits out every outage. */
    static long receivedMillis(DispatchEvent event, long nowMillis, long nowNanos) {
        return nowMillis - TimeUnit.NANOSECONDS.toMillis(nowNanos - event.receivedNanos());
    }

    private static EventOrigin origin(DispatchEvent event) {
        return new EventOrigin(
                event.shard(),
                event.sequence(),
                event.session().id(),
                event.guildId(),
                event.replayed());
    }
}
