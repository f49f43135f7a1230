package loom.dispatch.broker.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.broker.SkippedEvent;
import loom.dispatch.broker.connection.BrokerCounters;
import loom.dispatch.broker.connection.ChannelUser;
import loom.dispatch.broker.connection.ConnectionFailure;
import loom.dispatch.broker.connection.RabbitConnection;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The way of one shard's events into the exchange: in order, each confirmed, never dropped.
 *
 * <p><b>Threads.</b> One dispatch thread calls {@link #publish}. The supervisor thread of the
 * connection attaches and detaches. The connection's reading thread brings confirms. The lock
 * guards bookkeeping only and is never held during I/O: a confirm never waits behind a publisher
 * that is blocked in a socket write, which is what frees that publisher.
 *
 * <p><b>Who writes.</b> An epoch is the life of one channel. While attached, only the dispatch
 * thread writes to the channel; while detached, only the supervisor. The hand-over is {@code
 * writing}: the dispatch thread sets it together with appending to the window, under the lock, and
 * the supervisor starts the next epoch only after it is cleared. Therefore:
 *
 * <ol>
 *   <li>a message enters the window exactly once, before its first write;
 *   <li>within an epoch every message from the first unconfirmed one on is written exactly once, in
 *       window order: by the supervisor if it was in the window when the epoch began, otherwise by
 *       the dispatch thread. A dispatch thread that loses its channel in the middle of a write
 *       never writes that message again itself;
 *   <li>so publish tag {@code t} is window slot {@code base + t - 1}, and a repetition starts at
 *       the first unconfirmed message: whoever reads the queue sees first arrivals in order, even
 *       if an old connection's last frames arrive after the new one's first;
 *   <li>callbacks of an earlier epoch change nothing.
 * </ol>
 *
 * <p>Rule 3 has one exception that lies with the broker: it refuses a message with a nack (a queue
 * limit with {@code reject-publish}, an internal error) or returns it, and takes later ones that
 * were already under way. They are repeated in order, but the first arrivals were not.
 */
public final class ConfirmedPublisher implements PublishingLane, ChannelUser {
    private final int shard;
    private final EventPublisher publication;
    private final BrokerCounters counters;
    private final InFlightQuota traffic;
    private final RabbitConnection uplink;
    private final SettlementNotifier settlement;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below are guarded by the lock.
    private final UnconfirmedWindow window;
    private LaneState state = new LaneState.Detached();
    private long epoch;
    private boolean writing;
    private boolean paused;
    private boolean progressed;
    private long lastPosition = Long.MIN_VALUE;
    // Owned by the supervisor: the channel of the latest epoch.
    private Channel latest;

    public ConfirmedPublisher(
            int shard,
            SettlementListener listener,
            BrokerConfig config,
            BrokerCounters counters,
            InFlightQuota traffic,
            RabbitConnection uplink) {
        this.shard = shard;
        this.publication = new EventPublisher(config);
        this.counters = counters;
        this.traffic = traffic;
        this.uplink = uplink;
        this.settlement = new SettlementNotifier(listener);
        this.window = new UnconfirmedWindow(config.windowMessages(), config.windowBytes());
    }

    @Override
    public int shard() {
        return shard;
    }

    @Override
    public String name() {
        return "shard-" + shard;
    }

    @Override
    public void publish(List<? extends LaneItem> batch) throws InterruptedException {
        List<? extends LaneItem> rest = batch;
        while (!rest.isEmpty()) {
            rest = rest.subList(offer(rest, Long.MAX_VALUE), rest.size());
        }
    }

    /**
     * Takes as many from the head of a batch as there is room for. Skips need none.
     *
     * @return how many: 0 if there was no room for so long
     * @throws InterruptedException as {@link #publish}
     */
    public int offer(List<? extends LaneItem> batch, long nanos) throws InterruptedException {
        Run run = admit(batch, nanos);
        settlement.announce(run.settled());
        run.attached().ifPresent(attached -> write(attached, run.taken()));
        return run.taken().size();
    }

    /**
     * What the window took at once.
     *
     * @param attached where to write it; empty if there is nothing to write
     * @param settled as far as the lane was settled then
     */
    private record Run(
            List<? extends LaneItem> taken, Optional<LaneState.Attached> attached, long settled) {}

    /** What is in flight, in order. To be called by the dispatch thread. */
    public List<EventMessage> unconfirmed() {
        return locked(() -> window.unconfirmed());
    }

    /** Of the first message in flight. */
    public Optional<Long> oldestPosition() {
        return locked(() -> window.oldestPosition());
    }

    /** The last position that it took. */
    public long lastPosition() {
        return locked(() -> lastPosition);
    }

    @Override
    public int inFlight() {
        return locked(() -> window.inFlight());
    }

    private <T> T locked(Supplier<T> reading) {
        lock.lock();
        try {
            return reading.get();
        } finally {
            lock.unlock();
        }
    }

    private Run admit(List<? extends LaneItem> batch, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            Run run = take(batch);
            while (run.taken().isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
                run = take(batch);
            }
            return run;
        } finally {
            lock.unlock();
        }
    }

    private Run take(List<? extends LaneItem> batch) {
        Optional<LaneState.Attached> open = open();
        int length = 0;
        for (LaneItem next : batch) {
            if (next instanceof EventMessage message && (open.isEmpty() || !hasRoom(message))) {
                break;
            }
            append(next);
            length++;
        }
        return new Run(
                batch.subList(0, length), writing ? open : Optional.empty(), window.settled());
    }

    private Optional<LaneState.Attached> open() {
        return switch (state) {
            case LaneState.Attached attached -> paused ? Optional.empty() : Optional.of(attached);
            case LaneState.Detached _ -> Optional.empty();
            case LaneState.Closed _ -> throw new IllegalStateException("the broker is closed");
        };
    }

    private void append(LaneItem next) {
        advance(next.position());
        switch (next) {
            case SkippedEvent skip -> {
                window.skip(skip.position());
                counters.skipped.increment();
            }
            case EventMessage message -> {
                if (window.inFlight() == 0) {
                    traffic.join();
                }
                window.append(message);
                writing = true;
                counters.published.increment();
            }
        }
    }

    private boolean hasRoom(EventMessage message) {
        return window.hasRoom(message.sizeBytes())
                && traffic.admits(window.inFlight(), window.inFlightBytes());
    }

    private void advance(long position) {
        if (position <= lastPosition) {
            throw new IllegalArgumentException(
                    "position " + position + " of shard " + shard + " follows " + lastPosition);
        }
        lastPosition = position;
    }

    private void write(LaneState.Attached attached, List<? extends LaneItem> run) {
        try {
            publication.write(attached.channel(), run);
        } catch (IOException | RuntimeException failure) {
            // The run is in the window; the supervisor writes it in the next epoch.
            lose(attached.epoch(), ConnectionFailure.reasonOf(failure));
        } finally {
            lock.lock();
            try {
                writing = false;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public int attach(Connection connection) throws IOException {
        if (latest != null) {
            // The broker has taken everything of the old channel before it agrees to close it, so
            // that the old frames cannot come in between the new ones.
            latest.abort();
        }
        List<EventMessage> again;
        long mine;
        lock.lock();
        try {
            while (writing) {
                changed.awaitUninterruptibly();
            }
            mine = ++epoch;
            progressed = false;
            again = window.restart();
        } finally {
            lock.unlock();
        }
        latest = open(connection, mine);
        publication.write(latest, again);
        counters.resent.add(again.size());
        ready(mine);
        return again.size();
    }

    private Channel open(Connection connection, long mine) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on the connection");
        }
        channel.addShutdownListener(cause -> lose(mine, ConnectionFailure.reasonOf(cause)));
        channel.addReturnListener(returned -> returned(mine, returned.getRoutingKey()));
        channel.addConfirmListener(
                (tag, multiple) -> confirmed(mine, tag, multiple), (tag, _) -> nacked(mine, tag));
        // not confirmSelect(), which has the client keep a sorted set of tags beside the window
        channel.rpc(new AMQP.Confirm.Select.Builder().build());
        return channel;
    }

    private void ready(long mine) throws IOException {
        lock.lock();
        try {
            if (epoch != mine) {
                throw new IOException("lost while unconfirmed messages were written again");
            }
            if (!(state instanceof LaneState.Closed)) {
                state = new LaneState.Attached(latest, mine);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void detach() {
        lock.lock();
        try {
            invalidate();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void pause(boolean wanted) {
        lock.lock();
        try {
            paused = wanted;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            state = new LaneState.Closed();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean attached() {
        return locked(() -> state instanceof LaneState.Attached);
    }

    @Override
    public boolean progressed() {
        return locked(() -> progressed);
    }

    public long inFlightBytes() {
        return locked(() -> window.inFlightBytes());
    }

    /** Any thread: the channel of that epoch is no longer to be used or believed. */
    private void lose(long lostEpoch, String reason) {
        boolean wasAttached;
        lock.lock();
        try {
            if (lostEpoch != epoch) {
                return;
            }
            wasAttached = state instanceof LaneState.Attached;
            invalidate();
        } finally {
            lock.unlock();
        }
        // While it is being attached the supervisor finds out by itself.
        if (wasAttached) {
            uplink.riderLost(this, reason);
        }
    }

    private void invalidate() {
        epoch++;
        if (state instanceof LaneState.Attached) {
            state = new LaneState.Detached();
        }
        changed.signalAll();
    }

    private void confirmed(long ofEpoch, long tag, boolean multiple) {
        long settled;
        lock.lock();
        try {
            if (ofEpoch != epoch) {
                return;
            }
            boolean busy = window.inFlight() > 0;
            counters.confirmed.add(window.confirm(tag, multiple));
            if (busy && window.inFlight() == 0) {
                traffic.leave();
            }
            settled = window.settled();
            progressed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        settlement.announce(settled);
    }

    private void nacked(long ofEpoch, long tag) {
        counters.nacked.increment();
        lose(ofEpoch, "nack of tag " + tag);
    }

    private void returned(long ofEpoch, String routingKey) {
        counters.returned.increment();
        if (publication.mustBeRouted()) {
            lose(ofEpoch, "no queue for " + routingKey);
        }
    }
}
