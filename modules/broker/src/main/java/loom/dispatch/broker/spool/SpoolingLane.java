package loom.dispatch.broker.spool;

import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.broker.connection.BrokerEventNotifier;
import loom.dispatch.broker.publish.ConfirmedPublisher;
import loom.dispatch.broker.publish.SettlementNotifier;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A lane whose events go to disk while RabbitMQ takes none and memory is short.
 *
 * <p>It is in one of two modes. <b>Direct</b>: the dispatch thread publishes into the window of the
 * lane below; nothing touches the disk. <b>Spooling</b>: the dispatch thread appends to the spool,
 * and the replaying thread publishes from it; nobody else publishes. So all events pass through one
 * queue at any time, and their order is the order of that queue.
 *
 * <p>Direct to spooling: what is in flight goes into the spool first, because a new process knows
 * nothing of it. Those copies are not published again by this process. Spooling to direct: when
 * everything is read and confirmed, under the lock that every append takes.
 *
 * <p>Of what is in the spool only {@linkplain SettlementListener#spooled memory} is freed. It
 * counts as settled when RabbitMQ has confirmed it, as ever, so that a saved checkpoint never
 * depends on this machine's disk.
 */
public final class SpoolingLane implements PublishingLane {
    /** How often a waiting dispatch thread asks whether memory is short. */
    private static final long PRESSURE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** How often a disk that failed is tried again. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ConfirmedPublisher lane;
    private final Spool spool;
    private final SettlementListener owner;
    private final SettlementNotifier settlement;
    private final BrokerEventNotifier announcer;
    private final SpoolAlarm writing;
    private final SpoolAlarm reading;
    private final AtomicLong confirmed = new AtomicLong(Long.MIN_VALUE);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock, which is held over appends: the two threads that take it wait for those.
    // Volatile for the metrics, which must not wait for a disk that hangs.
    private volatile boolean spooling;
    private boolean closed;
    private long spooled;
    private int replays;
    // Owned by the dispatch thread.
    private Optional<Long> oldestSeen = Optional.empty();

    /**
     * Made over a lane that reports to it.
     *
     * @param below makes that lane
     */
    public SpoolingLane(
            Function<SettlementListener, ConfirmedPublisher> below,
            Spool spool,
            SettlementListener owner,
            BrokerEventNotifier announcer) {
        this.spool = spool;
        this.owner = owner;
        this.settlement = new SettlementNotifier(owner);
        this.lane = below.apply(this::confirmed);
        this.announcer = announcer;
        this.writing = new SpoolAlarm(lane.shard(), announcer);
        this.reading = new SpoolAlarm(lane.shard(), announcer);
    }

    /** Begins with what an earlier process left, if it left anything. */
    public void start() {
        lock.lock();
        try {
            if (!spool.isEmpty()) {
                replay();
            }
        } finally {
            lock.unlock();
        }
    }

    ConfirmedPublisher below() {
        return lane;
    }

    public boolean isSpooling() {
        return spooling;
    }

    public boolean isAlarmed() {
        return writing.isOn() || reading.isOn();
    }

    @Override
    public int shard() {
        return lane.shard();
    }

    @Override
    public int inFlight() {
        return lane.inFlight();
    }

    /** Reading thread. */
    private void confirmed(long position) {
        confirmed.accumulateAndGet(position, Math::max);
        settlement.announce(position);
    }

    @Override
    public void publish(List<? extends LaneItem> batch) throws InterruptedException {
        int at = 0;
        while (at < batch.size()) {
            List<? extends LaneItem> rest = batch.subList(at, batch.size());
            if (append(rest, false)) {
                return;
            }
            int taken = lane.offer(rest, PRESSURE_NANOS);
            at += taken;
            if (taken == 0 && owner.memoryIsShort() && append(rest, true)) {
                return;
            }
        }
    }

    @Override
    public void spoolIfMemoryIsShort() throws InterruptedException {
        Optional<Long> oldest = lane.oldestPosition();
        boolean stuck = oldest.isPresent() && oldest.equals(oldestSeen);
        oldestSeen = oldest;
        if (!stuck || !owner.memoryIsShort()) {
            return;
        }
        lock.lockInterruptibly();
        try {
            if (!spooling && !closed) {
                tryAppend(List.of());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the rest of a batch to disk, and tries as long as the disk fails.
     *
     * @param begin whether to begin with it, if it is not begun
     * @return false if it is to be published directly
     */
    private boolean append(List<? extends LaneItem> rest, boolean begin)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (spooling || begin) {
                requireOpen();
                if (tryAppend(rest)) {
                    return true;
                }
                changed.awaitNanos(RETRY_NANOS);
                if (!spooling) {
                    // The way may be clear meanwhile.
                    return false;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock: what is in flight, unless it is on disk already, and this behind it. */
    private boolean tryAppend(List<? extends LaneItem> rest) {
        Stream<EventMessage> flying = spooling ? Stream.empty() : lane.unconfirmed().stream();
        Stream<EventMessage> more =
                rest.stream().filter(EventMessage.class::isInstance).map(EventMessage.class::cast);
        List<EventMessage> messages = Stream.concat(flying, more).toList();
        try {
            if (!messages.isEmpty()) {
                spool.append(messages);
            }
        } catch (IOException failure) {
            writing.on(failure);
            return false;
        }
        writing.off();
        spooled = rest.isEmpty() ? lane.lastPosition() : rest.getLast().position();
        if (!spooling) {
            replay();
        }
        owner.spooled(spooled);
        changed.signalAll();
        return true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the broker is closed");
        }
    }

    /** Under the lock: spooling begins. */
    private void replay() {
        spooling = true;
        replays++;
        announcer.announce(new BrokerEvent.Spooling(shard()));
        Thread.ofVirtual().name("replay-" + shard()).start(this::run);
    }

    /** The replaying thread: from the first event on disk to the last, then it ends. */
    private void run() {
        long replayedUpTo = lane.lastPosition();
        try {
            while (!finish()) {
                List<EventMessage> next = read();
                long flying = replayedUpTo;
                lane.publish(next.stream().filter(m -> m.position() > flying).toList());
                if (next.isEmpty()) {
                    await();
                }
            }
        } catch (Throwable fault) {
            // Closed: the rest is on disk, where the next process finds it.
            if (!isClosed()) {
                owner.failed(fault);
            }
        }
    }

    private List<EventMessage> read() {
        try {
            spool.acknowledge(confirmed.get());
            List<EventMessage> next = spool.read();
            reading.off();
            next.stream().filter(SpoolGapEvent::isOne).forEach(this::announceGap);
            return next;
        } catch (IOException failure) {
            reading.on(failure);
            return List.of();
        }
    }

    private void announceGap(EventMessage gap) {
        EventOrigin at = gap.origin();
        announcer.announce(new BrokerEvent.SpoolDamaged(at.shard(), at.session(), at.sequence()));
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private void await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            requireOpen();
            changed.awaitNanos(PRESSURE_NANOS);
        } finally {
            lock.unlock();
        }
    }

    /** Replaying thread: whether all is published and confirmed; then the lane is direct again. */
    private boolean finish() {
        lock.lock();
        try {
            requireOpen();
            if (!spool.isDrained(confirmed.get())) {
                return false;
            }
            spooling = false;
            writing.off();
            reading.off();
            announcer.announce(new BrokerEvent.SpoolDrained(shard()));
            settlement.announce(spooled);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * To be called before checkpoints are taken; what it returns is to be run when they are saved.
     * Only then are the files of a spool that is done removed: until then they tell where the
     * session stands.
     */
    public Runnable afterSave() {
        lock.lock();
        try {
            int seen = replays;
            return spooling || spool.isEmpty() ? () -> {} : () -> clear(seen);
        } finally {
            lock.unlock();
        }
    }

    private void clear(int seen) {
        lock.lock();
        try {
            if (!spooling && replays == seen) {
                spool.clear();
            }
        } catch (IOException failure) {
            writing.on(failure);
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait; before the lane below is closed. What is on disk stays there. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            spool.close();
        } catch (IOException failure) {
            writing.on(failure);
        } finally {
            lock.unlock();
        }
    }
}
