package loom.dispatch.app.pipeline;

import loom.dispatch.app.config.EventFilter;
import loom.dispatch.app.status.EventLatencies;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.broker.SkippedEvent;
import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StateEvent;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.metrics.EventCounter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The path of one shard's events, from the shard's backlog to its saved checkpoint.
 *
 * <pre>
 *   gateway   shard thread        socket ─► decompress ─► envelope ─► Backlog
 *   here      dispatch thread     batch ─► StateCache.apply ─► PublishingLane.publish
 *   broker    AMQP reader thread  confirm ─► the lane settles in order ─► {@link #settled}
 *   gateway                       Backlog.settle ─► checkpoint
 *   here      checkpoints thread  {@link CheckpointWriter}: checkpoint ─► Redis
 * </pre>
 *
 * <p>The dispatch thread waits while Redis or RabbitMQ is unavailable. It updates the cache before
 * it publishes, so a consumer that receives an event finds its effect in Redis. Invariant: a
 * checkpoint never names an event that is not both in the cache and confirmed. An event that the
 * filter drops settles in its turn like any other.
 */
public final class ShardPipeline implements SettlementListener {
    private final int shard;
    private final Parts parts;
    private final EventCounter.Shard counter;
    private final EventLatencies.Shard latency;
    private final PublishingLane lane;

    /**
     * What the pipelines of all shards share.
     *
     * @param guildChanges receives guilds that the bot joined or left; must not block
     */
    public record Parts(
            Gateway gateway,
            StateCache cache,
            EventFilter filter,
            EventCounter counter,
            EventLatencies latencies,
            CheckpointWriter checkpoints,
            Consumer<GuildMembershipChange> guildChanges) {}

    /** Opens the lane of a shard, which reports to the listener from now on. */
    @FunctionalInterface
    public interface LaneFactory<E extends Exception> {
        /** Opens the lane. */
        PublishingLane open(int shard, SettlementListener listener) throws E;
    }

    /** Opens the shard's lane. The gateway must not have started. */
    public <E extends Exception> ShardPipeline(int shard, Parts parts, LaneFactory<E> lanes)
            throws E {
        this.shard = shard;
        this.parts = parts;
        counter = parts.counter().shard(shard);
        latency = parts.latencies().shard();
        lane = lanes.open(shard, this);
    }

    /**
     * Applies a batch to the cache and publishes it. The shard's dispatch thread calls it, also
     * with empty batches. Blocks while Redis or RabbitMQ is unavailable; ends by an interrupt.
     */
    public void accept(List<DispatchEvent> batch) throws InterruptedException {
        long begunNanos = System.nanoTime();
        List<StateEvent> changes = new ArrayList<>(batch.size());
        for (DispatchEvent event : batch) {
            counter.increment(event.type());
            changes.add(change(event));
        }
        List<StateCache.AppliedEvent> applied = parts.cache().apply(shard, changes);
        applied.forEach(change -> change.guild().ifPresent(parts.guildChanges()));
        if (batch.isEmpty()) {
            lane.spoolIfMemoryIsShort();
            return;
        }
        List<LaneItem> items = items(batch, applied);
        latency.handed(batch, begunNanos);
        lane.publish(items);
    }

    private List<LaneItem> items(List<DispatchEvent> batch, List<StateCache.AppliedEvent> applied) {
        long nowMillis = System.currentTimeMillis();
        long nowNanos = System.nanoTime();
        List<LaneItem> items = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            DispatchEvent event = batch.get(i);
            items.add(
                    parts.filter().admits(event.type())
                            ? message(
                                    event,
                                    applied.get(i).old(),
                                    receivedMillis(event, nowMillis, nowNanos))
                            : new SkippedEvent(event.position()));
        }
        return items;
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

    /** Returns the time of arrival, which may be long ago if the event waited for an outage. */
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

    /** Settles the shard's backlog. A new session is saved at once. */
    @Override
    public void settled(long position) {
        latency.confirmed(position);
        if (parts.gateway().settled(shard, position)) {
            parts.checkpoints().hurry();
        }
    }

    @Override
    public void spooled(long position) {
        latency.spooled(position);
        parts.gateway().spooled(shard, position);
    }

    @Override
    public boolean memoryIsShort() {
        return parts.gateway().memoryIsShort(shard);
    }
}
