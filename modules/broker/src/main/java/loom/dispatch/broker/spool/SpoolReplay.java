package loom.dispatch.broker.spool;

import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.connection.BrokerEventNotifier;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes the events of one spool and deletes the files that RabbitMQ has confirmed.
 *
 * <p>The replay thread calls {@link #isDrained} and then {@link #publishNext} in each round. Any
 * thread may call {@link #confirmed} and {@link #wake}; neither takes a lock, because the
 * connection's reading thread must not wait for the disk.
 */
final class SpoolReplay {
    /** The time between two reads of a disk that fails. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Publishes messages in order; waits while it has no room for them. */
    @FunctionalInterface
    interface Publisher {
        void publish(List<EventMessage> messages) throws InterruptedException;
    }

    private final Publisher publisher;
    private final Spool spool;
    private final SpoolAlarm alarm;
    private final BrokerEventNotifier notifier;
    private final AtomicLong confirmed = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong wakeUps = new AtomicLong();
    private volatile Optional<Thread> thread = Optional.empty();
    // Owned by the replay thread: the wake-ups before its current round.
    private long seenWakeUps;

    SpoolReplay(Publisher publisher, Spool spool, SpoolAlarm alarm, BrokerEventNotifier notifier) {
        this.publisher = publisher;
        this.spool = spool;
        this.alarm = alarm;
        this.notifier = notifier;
    }

    /** RabbitMQ has confirmed everything up to this position. */
    void confirmed(long position) {
        confirmed.accumulateAndGet(position, Math::max);
        wake();
    }

    /** Ends the wait of the replay thread, because its next round may find something to do. */
    void wake() {
        wakeUps.incrementAndGet();
        thread.ifPresent(LockSupport::unpark);
    }

    /** Begins a round: returns whether RabbitMQ has confirmed everything in the spool. */
    boolean isDrained() {
        thread = Optional.of(Thread.currentThread());
        seenWakeUps = wakeUps.get();
        return spool.isDrained(confirmed.get());
    }

    /**
     * Publishes the next events of the spool, or waits until there are some.
     *
     * @param publishedBefore the last position that was published before the spool was used
     */
    void publishNext(long publishedBefore) throws InterruptedException {
        List<EventMessage> next = List.of();
        boolean failed = false;
        try {
            spool.acknowledge(confirmed.get());
            next = spool.read();
            alarm.off();
        } catch (IOException failure) {
            alarm.on(failure);
            failed = true;
        }
        next.stream().filter(SpoolGapEvent::isGap).forEach(this::reportGap);
        publisher.publish(
                next.stream().filter(message -> message.position() > publishedBefore).toList());
        if (failed) {
            LockSupport.parkNanos(RETRY_NANOS);
        } else if (next.isEmpty()) {
            awaitWakeUp();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Without a limit: an append, a confirm or the close of the lane ends the wait. */
    private void awaitWakeUp() {
        while (wakeUps.get() == seenWakeUps && !Thread.currentThread().isInterrupted()) {
            LockSupport.park(this);
        }
    }

    private void reportGap(EventMessage gap) {
        EventOrigin at = gap.origin();
        notifier.announce(new BrokerEvent.SpoolDamaged(at.shard(), at.session(), at.sequence()));
    }
}
