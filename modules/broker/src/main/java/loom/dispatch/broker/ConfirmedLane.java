package loom.dispatch.broker;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

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
final class ConfirmedLane implements Lane, Rider {
    private final int shard;
    private final Publication publication;
    private final Counters counters;
    private final Traffic traffic;
    private final Uplink uplink;
    private final Settlement settlement;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All below are guarded by the lock.
    private final Window window;
    private LaneState state = new LaneState.Detached();
    private long epoch;
    private boolean writing;
    private boolean paused;
    private boolean progressed;
    private long lastPosition = Long.MIN_VALUE;
    // Owned by the supervisor: the channel of the latest epoch.
    private Channel latest;

    ConfirmedLane(
            int shard,
            SettledListener listener,
            BrokerConfig config,
            Counters counters,
            Traffic traffic,
            Uplink uplink) {
        this.shard = shard;
        this.publication = new Publication(config);
        this.counters = counters;
        this.traffic = traffic;
        this.uplink = uplink;
        this.settlement = new Settlement(listener);
        this.window = new Window(config.windowMessages(), config.windowBytes());
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
    public void publish(List<? extends Outbound> batch) throws InterruptedException {
        for (Outbound next : batch) {
            switch (next) {
                case Skip skip -> skip(skip);
                case Message message -> {
                    while (!offer(message, Long.MAX_VALUE)) {
                        // as long as it takes
                    }
                }
            }
        }
    }

    /**
     * Takes one message, or nothing of it if there is no room for so long.
     *
     * @throws InterruptedException as {@link #publish}
     */
    boolean offer(Message message, long nanos) throws InterruptedException {
        Optional<LaneState.Attached> admitted = admit(message, nanos);
        admitted.ifPresent(attached -> write(attached, message));
        return admitted.isPresent();
    }

    /** What is in flight, in order. To be called by the dispatch thread. */
    List<Message> unconfirmed() {
        lock.lock();
        try {
            return window.unconfirmed();
        } finally {
            lock.unlock();
        }
    }

    /** The last position that it took. */
    long lastPosition() {
        lock.lock();
        try {
            return lastPosition;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int inFlight() {
        lock.lock();
        try {
            return window.inFlight();
        } finally {
            lock.unlock();
        }
    }

    void skip(Skip skip) {
        long settled;
        lock.lock();
        try {
            advance(skip.position());
            window.skip(skip.position());
            settled = window.settled();
        } finally {
            lock.unlock();
        }
        counters.skipped.increment();
        settlement.announce(settled);
    }

    private Optional<LaneState.Attached> admit(Message message, long nanos)
            throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (left > 0) {
                switch (state) {
                    case LaneState.Attached attached when !paused && hasRoom(message) -> {
                        advance(message.position());
                        append(message);
                        writing = true;
                        return Optional.of(attached);
                    }
                    case LaneState.Attached _, LaneState.Detached _ ->
                            left = changed.awaitNanos(left);
                    case LaneState.Closed _ ->
                            throw new IllegalStateException("the broker is closed");
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void append(Message message) {
        if (window.inFlight() == 0) {
            traffic.join();
        }
        window.append(message);
    }

    private boolean hasRoom(Message message) {
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

    private void write(LaneState.Attached attached, Message message) {
        counters.published.increment();
        try {
            publication.write(attached.channel(), message);
        } catch (IOException | RuntimeException failure) {
            // The message is in the window; the supervisor writes it in the next epoch.
            lose(attached.epoch(), Failure.reasonOf(failure));
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
        List<Message> again;
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
        for (Message message : again) {
            publication.write(latest, message);
            counters.resent.increment();
        }
        ready(mine);
        return again.size();
    }

    private Channel open(Connection connection, long mine) throws IOException {
        Channel channel = connection.createChannel();
        if (channel == null) {
            throw new IOException("no channel left on the connection");
        }
        channel.addShutdownListener(cause -> lose(mine, Failure.reasonOf(cause)));
        channel.addReturnListener(returned -> returned(mine, returned.getRoutingKey()));
        channel.addConfirmListener(
                (tag, multiple) -> confirmed(mine, tag, multiple), (tag, _) -> nacked(mine, tag));
        channel.confirmSelect();
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
        lock.lock();
        try {
            return state instanceof LaneState.Attached;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean progressed() {
        lock.lock();
        try {
            return progressed;
        } finally {
            lock.unlock();
        }
    }

    long inFlightBytes() {
        lock.lock();
        try {
            return window.inFlightBytes();
        } finally {
            lock.unlock();
        }
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
