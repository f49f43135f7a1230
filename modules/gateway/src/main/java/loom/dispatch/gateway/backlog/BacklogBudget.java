package loom.dispatch.gateway.backlog;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that all shards together may hold in unsettled events.
 *
 * <p>Bound: a shard takes events only while it holds less than {@code perShard} bytes and all hold
 * less than {@code total}, checked before each message is decoded. So the sum never exceeds {@code
 * total} plus one message of each shard that decodes at that moment. A shard that holds nothing may
 * always take one, so that no shard starves behind its neighbours.
 *
 * <p>Shared by all threads; lock-free.
 */
public final class BacklogBudget {
    private final long perShard;
    private final long total;
    private final AtomicLong used = new AtomicLong();
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

    public BacklogBudget(long perShard, long total) {
        this.perShard = perShard;
        this.total = total;
    }

    boolean hasRoom(long heldByShard) {
        return heldByShard == 0 || heldByShard < perShard && !isFull();
    }

    /** Whether it is the others, too, that must settle before there is room. */
    boolean isFull() {
        return used.get() >= total;
    }

    boolean isHalfFull(long heldByShard) {
        return heldByShard >= perShard / 2 || used.get() >= total / 2;
    }

    void charge(long bytes) {
        used.addAndGet(bytes);
    }

    /** Gives bytes back, and wakes the waiting shards when a quarter is free again. */
    void release(long bytes) {
        long now = used.addAndGet(-bytes);
        if (now < total - total / 4 && !waiting.isEmpty()) {
            for (Runnable wake : waiting) {
                waiting.remove(wake);
                wake.run();
            }
        }
    }

    /** Has this run, once, when there is room again. */
    void await(Runnable wake) {
        waiting.add(wake);
    }

    public long used() {
        return used.get();
    }
}
