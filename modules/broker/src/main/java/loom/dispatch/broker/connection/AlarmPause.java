package loom.dispatch.broker.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Pauses the channel users of a connection while a memory or disk alarm of RabbitMQ blocks it.
 *
 * <p>Any thread may call it. The lock orders a report of an alarm and the end of its connection: a
 * report that comes after that end would otherwise pause the users for good, because RabbitMQ
 * blocks and unblocks a connection only after a publish.
 */
final class AlarmPause {
    private static final long NO_CONNECTION = 0;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private final List<ChannelUser> users = new ArrayList<>();
    private long epoch = NO_CONNECTION;
    // Written under the lock.
    private volatile boolean blocked;

    boolean isBlocked() {
        return blocked;
    }

    void add(ChannelUser user) {
        lock.lock();
        try {
            users.add(user);
            user.pause(blocked);
        } finally {
            lock.unlock();
        }
    }

    /** Accepts the reports of this connection only, which is not blocked yet. */
    void follow(long opened) {
        lock.lock();
        try {
            epoch = opened;
            pause(false);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the pause, and accepts no report until the next connection. */
    void end() {
        follow(NO_CONNECTION);
    }

    /** Pauses the users or ends the pause, unless the connection has ended. */
    void report(long reporter, boolean now) {
        lock.lock();
        try {
            if (reporter == epoch) {
                pause(now);
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause(boolean now) {
        blocked = now;
        users.forEach(user -> user.pause(now));
    }
}
