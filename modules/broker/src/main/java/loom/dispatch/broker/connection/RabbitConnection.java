package loom.dispatch.broker.connection;

import com.rabbitmq.client.ChannelContinuationTimeoutException;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.BrokerRefusal;
import loom.dispatch.broker.BrokerStartException;
import loom.dispatch.broker.Endpoint;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps one connection up and its riders attached, for as long as the broker object lives.
 *
 * <p>Its supervisor, one virtual thread, is the only one that connects, declares, attaches and
 * cuts; other threads only leave word for it. The lock guards the word and is never held during
 * I/O.
 *
 * <pre>
 *   connecting --connected, declared--> serving --connection lost--> connecting
 *       |  ^                              |  ^
 *       +--+ refused, unreachable:        +--+ lane lost or new: declare, attach
 *            wait with back-off                every 10 s: declare
 * </pre>
 */
public final class RabbitConnection {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.broker");

    /** How often a queue or an exchange that somebody deleted is looked for. */
    private static final long TOPOLOGY_CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int index;
    private final boolean mustStart;
    private final BrokerConfig config;
    private final TopologyDeclaration topology;
    private final BrokerCounters counters;
    private final BrokerEventNotifier announcer;
    // Any thread adds, the supervisor reads: they are few and never leave.
    private final List<ChannelRetry> riders = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> channels = new CompletableFuture<>();
    // Unbounded in threads but bounded in work: a consumer channel runs one task at a time, and a
    // connection's end flushes once. Never shut down: a connection that is cut still has its end to
    // tell, and without tasks it holds nothing.
    private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread supervisor;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition word = lock.newCondition();
    // Guarded by the lock.
    private boolean told;
    private boolean closing;
    private boolean blocked;
    private Optional<AmqpConnection> current = Optional.empty();
    // Owned by the supervisor.
    private int failures;
    private int nextEndpoint;
    private long checkedNanos;

    /**
     * @param mustStart whether a refusal before the first success ends it, instead of being an
     *     alarm that is tried again
     */
    public RabbitConnection(
            int index,
            boolean mustStart,
            BrokerConfig config,
            BrokerCounters counters,
            BrokerEventNotifier announcer) {
        this.index = index;
        this.mustStart = mustStart;
        this.config = config;
        this.topology = new TopologyDeclaration(config);
        this.counters = counters;
        this.announcer = announcer;
        this.supervisor =
                Thread.ofVirtual().name("rabbit-supervisor-" + index).unstarted(this::run);
    }

    public void start() {
        supervisor.start();
    }

    /**
     * How many channels the broker allows on a connection. Completed by the first connection whose
     * topology is declared; exceptionally, and then the supervisor has ended, if it must start and
     * RabbitMQ refused before that.
     */
    public CompletableFuture<Integer> channels() {
        return channels;
    }

    /** Any thread: takes charge of a rider. */
    public void adopt(ChannelUser rider) {
        riders.add(new ChannelRetry(rider, config.backoff()));
        rider.pause(isBlocked());
        tell();
    }

    public int riderCount() {
        return riders.size();
    }

    public boolean isUp() {
        return current().isPresent();
    }

    public boolean isBlocked() {
        lock.lock();
        try {
            return blocked;
        } finally {
            lock.unlock();
        }
    }

    /** Any thread: an attached rider is without a channel. */
    public void riderLost(ChannelUser rider, String reason) {
        // Of a lost connection its own event tells, not each of its riders.
        if (current().filter(AmqpConnection::isOpen).isPresent()) {
            announcer.announce(new BrokerEvent.LaneLost(rider.name(), reason));
        }
        tell();
    }

    /** Any thread: something may be to be done. */
    void tell() {
        lock.lock();
        try {
            told = true;
            word.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the connection and the supervisor; returns when both have ended. */
    public void close() throws InterruptedException {
        beginClosing();
        riders.forEach(care -> care.rider().close());
        Optional<AmqpConnection> link = current();
        if (link.isPresent()) {
            link.get().close();
        }
        supervisor.interrupt();
        supervisor.join();
    }

    private void beginClosing() {
        lock.lock();
        try {
            closing = true;
            word.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    private Optional<AmqpConnection> current() {
        lock.lock();
        try {
            return current;
        } finally {
            lock.unlock();
        }
    }

    private void become(Optional<AmqpConnection> link) {
        lock.lock();
        try {
            current = link;
        } finally {
            lock.unlock();
        }
    }

    /** Supervisor: until there is word or the time is over. */
    private void await(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!told && !closing && left > 0) {
                left = word.awaitNanos(left);
            }
            told = false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!isClosing()) {
            try {
                Optional<AmqpConnection> link = connect();
                if (link.isPresent()) {
                    announceAndWait(serve(link.get()));
                }
            } catch (InterruptedException closed) {
                return;
            } catch (RuntimeException | Error fault) {
                LOG.log(Level.ERROR, "rabbit.supervisor_failed connection=" + index, fault);
            }
        }
    }

    /** One attempt, and the wait after a failed one. */
    private Optional<AmqpConnection> connect() throws InterruptedException {
        List<Endpoint> endpoints = config.endpoints();
        Endpoint endpoint = endpoints.get(nextEndpoint++ % endpoints.size());
        Optional<AmqpConnection> opened = Optional.empty();
        try {
            AmqpConnection link =
                    AmqpConnection.open(config, endpoint, "loom-dispatch-" + index, tasks);
            opened = Optional.of(link);
            link.requireChannels(riders.size());
            link.connection().addBlockedListener(this::onBlocked, this::onUnblocked);
            link.connection().addShutdownListener(_ -> tell());
            topology.declare(link.connection());
            return opened;
        } catch (IOException | RuntimeException failure) {
            opened.ifPresent(AmqpConnection::cut);
            switch (ConnectionFailure.of(failure)) {
                case ConnectionFailure.Refused refused when mustStart && !channels.isDone() -> {
                    beginClosing();
                    channels.completeExceptionally(
                            new BrokerStartException(refused.reason(), refused.explanation()));
                }
                case ConnectionFailure other -> announceAndWait(other);
            }
            return Optional.empty();
        }
    }

    private void announceAndWait(ConnectionFailure failure) throws InterruptedException {
        if (isClosing()) {
            return;
        }
        long retryMillis = config.backoff().delayMillis(++failures, ThreadLocalRandom.current());
        announce(failure, retryMillis);
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryMillis);
        while (!isClosing() && deadlineNanos - System.nanoTime() > 0) {
            await(deadlineNanos - System.nanoTime());
        }
    }

    private void announce(ConnectionFailure failure, long retryMillis) {
        announcer.announce(
                switch (failure) {
                    case ConnectionFailure.Unreachable(String text) ->
                            new BrokerEvent.Disconnected(index, text, retryMillis);
                    case ConnectionFailure.Refused(BrokerRefusal reason, String text) ->
                            new BrokerEvent.Refused(index, reason, text, retryMillis);
                });
    }

    /** Until the connection is lost or closed; why it was. */
    private ConnectionFailure serve(AmqpConnection link) throws InterruptedException {
        long sinceNanos = System.nanoTime();
        checkedNanos = sinceNanos;
        become(Optional.of(link));
        announcer.announce(new BrokerEvent.Connected(index, link.endpoint()));
        channels.complete(link.channels());
        try {
            while (link.isOpen() && !isClosing()) {
                // A blocked connection is not read: nothing that was asked would be answered.
                if (!isBlocked()) {
                    mend(link);
                }
                await(pauseNanos());
            }
            return link.end();
        } finally {
            become(Optional.empty());
            link.cut();
            riders.forEach(ChannelRetry::forget);
            unblock();
            counters.disconnects.increment();
            // A connection that outlived the longest wait was a good one.
            long lived = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
            failures = lived > config.backoff().longestMillis() ? 0 : failures;
        }
    }

    /** Attaches each lane that is due, after the topology is sure to be there. */
    private void mend(AmqpConnection link) {
        long nowNanos = System.nanoTime();
        List<ChannelRetry> due = riders.stream().filter(care -> care.takeDue(nowNanos)).toList();
        if (due.isEmpty() && nowNanos - checkedNanos < TOPOLOGY_CHECK_NANOS) {
            return;
        }
        try {
            checkedNanos = nowNanos;
            topology.declare(link.connection());
        } catch (IOException | RuntimeException failure) {
            onTopologyFailure(link, failure);
            return;
        }
        for (ChannelRetry care : due) {
            attach(link, care);
        }
    }

    private void onTopologyFailure(AmqpConnection link, Exception failure) {
        switch (ConnectionFailure.of(failure)) {
            // Lanes that are attached go on; those that are not try again after their own wait.
            case ConnectionFailure.Refused refused ->
                    announce(refused, config.backoff().firstMillis());
            case ConnectionFailure.Unreachable _ -> link.cut();
        }
    }

    private void attach(AmqpConnection link, ChannelRetry care) {
        String name = care.rider().name();
        try {
            int resent = care.attach(link.connection());
            announcer.announce(new BrokerEvent.LaneAttached(name, resent));
        } catch (ChannelContinuationTimeoutException noAnswer) {
            link.cut();
        } catch (IOException | RuntimeException failure) {
            if (link.isOpen()) {
                announcer.announce(
                        new BrokerEvent.LaneLost(name, ConnectionFailure.reasonOf(failure)));
            }
        }
    }

    private long pauseNanos() {
        if (isBlocked()) {
            return TOPOLOGY_CHECK_NANOS;
        }
        long nowNanos = System.nanoTime();
        long toCheck = TOPOLOGY_CHECK_NANOS - (nowNanos - checkedNanos);
        return riders.stream()
                .filter(care -> !care.rider().attached())
                .mapToLong(care -> care.waitNanos(nowNanos))
                .reduce(toCheck, Math::min);
    }

    private void onBlocked(String reason) {
        lock.lock();
        try {
            blocked = true;
        } finally {
            lock.unlock();
        }
        riders.forEach(care -> care.rider().pause(true));
        announcer.announce(new BrokerEvent.Blocked(index, reason));
    }

    private void onUnblocked() {
        unblock();
        announcer.announce(new BrokerEvent.Unblocked(index));
        tell();
    }

    private void unblock() {
        lock.lock();
        try {
            blocked = false;
        } finally {
            lock.unlock();
        }
        riders.forEach(care -> care.rider().pause(false));
    }
}
