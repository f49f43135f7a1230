package loom.dispatch.broker.spool;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all spools together may take on disk; lock-free, any thread. */
public final class SpoolQuota {
    private final long capacity;
    private final AtomicLong used = new AtomicLong();

    public SpoolQuota(long capacityBytes) {
        this.capacity = capacityBytes;
    }

    /** Takes so many, or none and says no. */
    boolean take(long bytes) {
        if (used.addAndGet(bytes) <= capacity) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Counts what is there already, whether it fits or not. */
    void found(long bytes) {
        used.addAndGet(bytes);
    }

    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    public long used() {
        return used.get();
    }

    public long capacity() {
        return capacity;
    }
}
