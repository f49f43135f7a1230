package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds a shard's unsettled events: received, and not yet in the cache and confirmed by RabbitMQ.
 *
 * <p>Threads: the shard's thread adds events, the dispatch thread takes them, and the thread that
 * receives the confirm settles them. A lock guards the fields for a few instructions. No I/O runs
 * under it.
 *
 * <p>Invariant: positions are added, taken and settled in order. {@link #settled} is the checkpoint
 * of the last event of the settled prefix. Events on disk have left the memory and are not settled.
 * Of them the backlog keeps only the checkpoint of the last.
 */
public final class Backlog {
    private final BacklogBudget budget;
    private final Runnable onRoom;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition emptied = lock.newCondition();
    private final ArrayDeque<DispatchEvent> unsettled = new ArrayDeque<>();
    private final ArrayDeque<DispatchEvent> untaken = new ArrayDeque<>();
    private long heldBytes;
    private boolean roomWanted;
    private boolean woken;
    private Optional<Spooled> spooled;
    private volatile Optional<Checkpoint> settled;

    /** The last event on disk. */
    private record Spooled(long position, Checkpoint at) {}

    /**
     * Creates an empty backlog.
     *
     * @param settled the checkpoint before the first event
     * @param spooled the checkpoint of the last event that an earlier process left on disk;
     *     position 0 settles it
     * @param onRoom runs on any thread when there is room again after {@link #hasRoom} returned
     *     false
     */
    public Backlog(
            BacklogBudget budget,
            Optional<Checkpoint> settled,
            Optional<Checkpoint> spooled,
            Runnable onRoom) {
        this.budget = budget;
        this.settled = settled;
        this.spooled = spooled.map(at -> new Spooled(0, at));
        this.onRoom = onRoom;
    }

    /**
     * Reports the shard's first session. None of its events is settled, so a new process resumes it
     * from sequence 0.
     *
     * <p>Before a later session a gap event is added. When the gap event is settled, the checkpoint
     * passes to that session.
     */
    void beginFirstSession(Session first) {
        lock.lock();
        try {
            if (settled.isEmpty() && spooled.isEmpty()) {
                settled = Optional.of(new Checkpoint(first, 0));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether one more message may be decoded. If not, {@code onRoom} runs when it may. */
    public boolean hasRoom() {
        lock.lock();
        try {
            if (budget.hasRoom(heldBytes)) {
                return true;
            }
            roomWanted = true;
        } finally {
            lock.unlock();
        }
        if (!budget.isFull()) {
            return false;
        }
        budget.await(onRoom);
        // another thread may have freed memory before budget.await: then nothing would wake this
        // shard
        lock.lock();
        try {
            return budget.hasRoom(heldBytes);
        } finally {
            lock.unlock();
        }
    }

    void add(DispatchEvent event) {
        budget.charge(event.weight());
        lock.lock();
        try {
            heldBytes += event.weight();
            unsettled.addLast(event);
            untaken.addLast(event);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the next events to publish. Waits for the first of them.
     *
     * @param most the greatest number of events
     * @param mostBytes no event is added to the batch once the batch has these bytes
     * @return empty if {@link #wakeDispatchThread} ended the wait
     */
    List<DispatchEvent> take(int most, long mostBytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (untaken.isEmpty() && !woken) {
                arrived.await();
            }
            woken = false;
            List<DispatchEvent> batch = new ArrayList<>(Math.min(most, untaken.size()));
            long bytes = 0;
            while (batch.size() < most && bytes < mostBytes && !untaken.isEmpty()) {
                DispatchEvent event = untaken.pollFirst();
                bytes += event.weight();
                batch.add(event);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the present or next {@link #take}, even without events. Any thread may call it. */
    public void wakeDispatchThread() {
        lock.lock();
        try {
            woken = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Settles all events up to this position, inclusive.
     *
     * @return whether the checkpoint changed to another session
     */
    public boolean settle(long position) {
        boolean sessionChanged = false;
        Freed freed;
        lock.lock();
        try {
            freed = free(position);
            Optional<Checkpoint> reached =
                    freed.last()
                            .or(() ->
                                    spooled.filter(disk -> disk.position() <= position)
                                            .map(Spooled::at));
            if (reached.isPresent()) {
                Session session = reached.get().session();
                sessionChanged = settled.filter(at -> at.session().equals(session)).isEmpty();
                settled = reached;
                spooled = Optional.empty();
            }
        } finally {
            lock.unlock();
        }
        release(freed);
        return sessionChanged;
    }

    /**
     * Frees the memory of all events up to this position, inclusive: they are on disk or settled.
     */
    public void spooled(long position) {
        Freed freed;
        lock.lock();
        try {
            freed = free(position);
            freed.last().ifPresent(at -> spooled = Optional.of(new Spooled(position, at)));
        } finally {
            lock.unlock();
        }
        release(freed);
    }

    /** The result of freeing events, for use outside the lock. */
    private record Freed(long bytes, Optional<Checkpoint> last, boolean wake) {}

    private Freed free(long position) {
        long bytes = 0;
        DispatchEvent last = null;
        while (!unsettled.isEmpty() && unsettled.peekFirst().position() <= position) {
            last = unsettled.pollFirst();
            bytes += last.weight();
        }
        if (last == null) {
            return new Freed(0, Optional.empty(), false);
        }
        heldBytes -= bytes;
        boolean wake = roomWanted && budget.hasRoom(heldBytes * 2);
        roomWanted &= !wake;
        if (unsettled.isEmpty()) {
            emptied.signalAll();
        }
        return new Freed(bytes, Optional.of(new Checkpoint(last.session(), last.sequence())), wake);
    }

    private void release(Freed freed) {
        if (freed.bytes() > 0) {
            budget.release(freed.bytes());
        }
        if (freed.wake()) {
            onRoom.run();
        }
    }

    /** Returns whether half of the memory of this shard, or of all shards, is used. */
    public boolean isHalfFull() {
        return budget.isHalfFull(bytes());
    }

    /**
     * Returns the checkpoint from which a new process would resume; empty before the first session.
     */
    public Optional<Checkpoint> settled() {
        return settled;
    }

    int events() {
        lock.lock();
        try {
            return unsettled.size();
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return heldBytes;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until all events are settled.
     *
     * @return false if they were not settled in time
     */
    public boolean awaitSettled(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (!unsettled.isEmpty() && nanos > 0) {
                nanos = emptied.awaitNanos(nanos);
            }
            return unsettled.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
