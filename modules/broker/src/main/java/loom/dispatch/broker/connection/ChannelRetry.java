package loom.dispatch.broker.connection;

import com.rabbitmq.client.Connection;

import loom.dispatch.runtime.RetryBackoff;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A supervisor's notes about one rider: when it may be attached again. Owned by the supervisor.
 *
 * <p>A rider that loses its channel before anything was confirmed on it waits longer each time, so
 * that a message which RabbitMQ refuses again and again costs little.
 */
final class ChannelRetry {
    private final ChannelUser rider;
    private final RetryBackoff backoff;
    private int failures;
    private boolean attempted;
    private long notBeforeNanos = System.nanoTime();

    ChannelRetry(ChannelUser rider, RetryBackoff backoff) {
        this.rider = rider;
        this.backoff = backoff;
    }

    ChannelUser rider() {
        return rider;
    }

    /** The connection is gone: what happened on it is no reason to wait on the next one. */
    void forget() {
        rider.detach();
        attempted = false;
        notBeforeNanos = System.nanoTime();
    }

    /** Whether to attach now; each attempt puts the next one off. */
    boolean takeDue(long nowNanos) {
        if (rider.attached()) {
            return false;
        }
        if (attempted) {
            attempted = false;
            failures = rider.progressed() ? 1 : failures + 1;
            long delayMillis = backoff.delayMillis(failures, ThreadLocalRandom.current());
            notBeforeNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(delayMillis);
        }
        attempted = nowNanos - notBeforeNanos >= 0;
        return attempted;
    }

    /** How long until the next attempt, for a rider that is not attached. */
    long waitNanos(long nowNanos) {
        return Math.max(0, notBeforeNanos - nowNanos);
    }

    int attach(Connection connection) throws IOException {
        return rider.attach(connection);
    }
}
