package loom.dispatch.broker.connection;

import com.rabbitmq.client.Connection;

import loom.dispatch.runtime.RetryBackoff;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Tracks when a channel user may get its next channel. Owner: the connection's supervisor.
 *
 * <p>A user that loses its channel before RabbitMQ confirmed anything on it waits longer each time.
 * So a message that RabbitMQ rejects again and again costs little.
 */
final class ChannelRetry {
    private final ChannelUser user;
    private final RetryBackoff backoff;
    private int failures;
    private boolean attempted;
    private long notBeforeNanos = System.nanoTime();

    ChannelRetry(ChannelUser user, RetryBackoff backoff) {
        this.user = user;
        this.backoff = backoff;
    }

    ChannelUser user() {
        return user;
    }

    /** Detaches the user. What happened on the old connection is no reason to wait on the next. */
    void forget() {
        user.detach();
        attempted = false;
        notBeforeNanos = System.nanoTime();
    }

    /** Returns the time until the user needs a channel; never, if it has one. */
    long untilDueNanos(long nowNanos) {
        if (user.attached()) {
            return Long.MAX_VALUE;
        }
        if (attempted) {
            attempted = false;
            failures = user.progressed() ? 1 : failures + 1;
            long delayMillis = backoff.delayMillis(failures, ThreadLocalRandom.current());
            notBeforeNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(delayMillis);
        }
        return Math.max(0, notBeforeNanos - nowNanos);
    }

    /** Returns whether the user needs a channel now. The attempt that follows delays the next. */
    boolean takeDue(long nowNanos) {
        attempted = untilDueNanos(nowNanos) == 0;
        return attempted;
    }

    int attach(Connection connection) throws IOException {
        return user.attach(connection);
    }
}
