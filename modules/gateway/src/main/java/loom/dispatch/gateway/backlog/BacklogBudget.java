package loom.dispatch.gateway.backlog;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the memory of the unsettled events of all shards.
 *
 * <p>Bound: before a shard decodes a message, it must hold less than {@code perShard} bytes, and
 * all shards less than {@code total}. So the sum never exceeds {@code total} plus one message per
 * shard that decodes at that moment. A shard that holds nothing may always decode one message, so
 * that no shard starves.
 *
 * <p>All threads share it. It uses no lock.
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

    /** Returns whether all shards together have used the memory. */
    boolean isFull() {
        return used.get() >= total;
    }

    boolean isHalfFull(long heldByShard) {
        return heldByShard >= perShard / 2 || used.get() >= total / 2;
    }

    void charge(long bytes) {
        used.addAndGet(bytes);
    }

    /** Releases bytes. Wakes the waiting shards when a quarter of the memory is free. */
    void release(long bytes) {
        long now = used.addAndGet(-bytes);
        if (now < total - total / 4 && !waiting.isEmpty()) {
            for (Runnable wake : waiting) {
                waiting.remove(wake);
                wake.run();
            }
        }
    }

    /** Runs {@code wake} once when memory is free again. */
    void await(Runnable wake) {
        waiting.add(wake);
    }

    public long used() {
        return used.get();
    }
}
