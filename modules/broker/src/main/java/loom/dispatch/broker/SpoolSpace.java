package loom.dispatch.broker;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all spools together may take on disk; lock-free, any thread. */
final class SpoolSpace {
    private final long capacity;
    private final AtomicLong used = new AtomicLong();

    SpoolSpace(long capacityBytes) {
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

    long used() {
        return used.get();
    }

    long capacity() {
        return capacity;
    }
}
