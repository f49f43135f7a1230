package loom.dispatch.broker.spool;

import java.util.concurrent.atomic.AtomicLong;

/** Limits the bytes of all spools together on disk. Lock-free; any thread may use it. */
public final class SpoolQuota {
    private final long capacity;
    private final AtomicLong used = new AtomicLong();

    public SpoolQuota(long capacityBytes) {
        this.capacity = capacityBytes;
    }

    /** Reserves bytes if all of them fit, and returns whether it did. */
    boolean tryReserve(long bytes) {
        if (used.addAndGet(bytes) <= capacity) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Counts the bytes of existing files, even beyond the limit. */
    void addExisting(long bytes) {
        used.addAndGet(bytes);
    }

    void release(long bytes) {
        used.addAndGet(-bytes);
    }

    public long used() {
        return used.get();
    }

    public long capacity() {
        return capacity;
    }
}
