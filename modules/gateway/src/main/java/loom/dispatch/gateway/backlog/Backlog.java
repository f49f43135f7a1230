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
 * A shard's unsettled events: received and not yet known to be in the cache and confirmed.
 *
 * <p>Three threads meet here: the shard's thread adds, its dispatch thread takes what is to be
 * published, and whoever learns of confirms settles. The lock is held for a few instructions on
 * fields only, never over I/O. Invariant: positions are added, taken and settled in order, and
 * {@link #settled} is the checkpoint of the last event of the settled prefix. Events that wait on
 * disk have left the memory and are not settled: of them only the last is remembered.
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

    /** The last event that waits on disk. */
    private record Spooled(long position, Checkpoint at) {}

    /**
     * @param settled where the session stands before the first event
     * @param spooled where it stands with what an earlier process left on disk; settled with
     *     position 0
     * @param onRoom run, on any thread, when there is room again after {@link #hasRoom} said no
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
     * The shard's first session begins: a new process can resume it from the start, for none of its
     * events is settled. A later one follows a gap, with which the checkpoint passes on to it.
     */
    void begin(Session first) {
        lock.lock();
        try {
            if (settled.isEmpty() && spooled.isEmpty()) {
                settled = Optional.of(new Checkpoint(first, 0));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether one more message may be decoded; if not, {@code onRoom} runs when it may. */
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
        // room that came between the question and the waiting would wake nobody
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
     * Takes the next events to be published, waiting for the first of them.
     *
     * @param most at most so many
     * @param mostBytes and no further event once they weigh this
     * @return empty when there was none until {@link #wakeQuiet}
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

    /** Has the next {@link #take} end, now if one waits, even with nothing; from any thread. */
    public void wakeQuiet() {
        lock.lock();
        try {
            woken = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Every event up to and including this position is settled.
     *
     * @return whether the checkpoint now is of another session than before
     */
    public boolean settle(long position) {
        boolean begun = false;
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
                begun = settled.filter(at -> at.session().equals(session)).isEmpty();
                settled = reached;
                spooled = Optional.empty();
            }
        } finally {
            lock.unlock();
        }
        giveBack(freed);
        return begun;
    }

    /** Every event up to and including this position is on disk, or settled: memory is freed. */
    public void spooled(long position) {
        Freed freed;
        lock.lock();
        try {
            freed = free(position);
            freed.last().ifPresent(at -> spooled = Optional.of(new Spooled(position, at)));
        } finally {
            lock.unlock();
        }
        giveBack(freed);
    }

    /** What left the memory, to be given back outside the lock. */
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

    private void giveBack(Freed freed) {
        if (freed.bytes() > 0) {
            budget.release(freed.bytes());
        }
        if (freed.wake()) {
            onRoom.run();
        }
    }

    /** Whether half of what the shard, or all of them, may hold is taken. */
    public boolean isHalfFull() {
        return budget.isHalfFull(bytes());
    }

    /** What a new process would resume from; empty before the first session begins. */
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

    /** Waits until everything is settled; false if it was not within the time. */
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
