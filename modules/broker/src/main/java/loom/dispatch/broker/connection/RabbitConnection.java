package loom.dispatch.broker.connection;

import com.rabbitmq.client.ChannelContinuationTimeoutException;
import com.rabbitmq.client.ShutdownSignalException;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.BrokerRefusal;
import loom.dispatch.broker.BrokerStartException;
import loom.dispatch.broker.Endpoint;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Keeps one RabbitMQ connection open, and a channel open for each of its users.
 *
 * <p>Its supervisor thread feeds the {@link ConnectionMachine} and executes the actions that the
 * machine requests. Only this thread connects, declares, attaches and cuts. Other threads add
 * events to its inbox. It expects the failures of the AMQP client, an {@link IOException} or a
 * {@link ShutdownSignalException}. Any other exception ends the supervisor, and so the service.
 */
public final class RabbitConnection {
    /** The interval at which the supervisor declares deleted queues and exchanges again. */
    private static final long TOPOLOGY_CHECK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int index;
    private final BrokerConfig config;
    private final ConnectionMachine machine;
    private final ConnectionGroup group;
    private final TopologyDeclaration topology;
    private final BrokerCounters counters;
    private final BrokerEventNotifier notifier;
    private final SupervisedThreads threads;
    // Any thread adds, the supervisor reads. No user leaves.
    private final List<ChannelRetry> users = new CopyOnWriteArrayList<>();
    private final AlarmPause alarm = new AlarmPause();
    private final CompletableFuture<Integer> channels = new CompletableFuture<>();
    // The AMQP client runs the callbacks of consumers and the end of a connection here. It is never
    // shut down, because a cut connection still reports its end.
    private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<ConnectionEvent> inbox = new LinkedBlockingQueue<>();
    private Optional<SupervisedThread> supervisor = Optional.empty();

    private volatile Optional<AmqpConnection> current = Optional.empty();
    private volatile boolean closing;
    private volatile long openedNanos;

    // Owner of the fields below: the supervisor.
    private ConnectionState state = new ConnectionState.Idle();
    private final Queue<ConnectionEvent> results = new ArrayDeque<>();
    private long checkedNanos;
    private long retryNanos;

    /**
     * Creates a connection. {@link #start} opens it.
     *
     * @param index names the connection in logs
     * @param mustStart whether a refusal before the first success ends the start of the broker
     */
    public RabbitConnection(
            int index,
            boolean mustStart,
            BrokerConfig config,
            ConnectionGroup group,
            BrokerCounters counters,
            BrokerEventNotifier notifier,
            SupervisedThreads threads) {
        this.index = index;
        this.config = config;
        this.machine =
                new ConnectionMachine(
                        mustStart,
                        config.endpoints().size(),
                        new ReconnectPolicy(config.backoff()));
        this.group = group;
        this.topology = new TopologyDeclaration(config);
        this.counters = counters;
        this.notifier = notifier;
        this.threads = threads;
        group.add(this);
    }

    /** Starts the supervisor, once. */
    public void start() {
        supervisor = Optional.of(threads.start("rabbit-supervisor-" + index, this::run));
    }

    /**
     * Returns the number of channels that RabbitMQ allows on a connection.
     *
     * <p>The first open connection completes it. It completes exceptionally, and the supervisor
     * ends, if the connection must start and RabbitMQ refuses the first attempt.
     */
    public CompletableFuture<Integer> channels() {
        return channels;
    }

    /** Adds a channel user, and opens a channel for it. Any thread may call it. */
    public void adopt(ChannelUser user) {
        alarm.add(user);
        users.add(new ChannelRetry(user, config.backoff()));
        requestMaintenance();
    }

    public int userCount() {
        return users.size();
    }

    public boolean isUp() {
        return current.isPresent();
    }

    public boolean isBlocked() {
        return alarm.isBlocked();
    }

    /** Reports that a user lost its channel. Any thread may call it. */
    public void channelLost(ChannelUser user, String reason) {
        // the loss of a connection is one event, not one for each of its users
        if (current.filter(AmqpConnection::isOpen).isPresent()) {
            notifier.announce(new BrokerEvent.LaneLost(user.name(), reason));
        }
        requestMaintenance();
    }

    /** Any thread: RabbitMQ has accepted another connection of this process. */
    void otherAccepted() {
        inbox.add(new ConnectionEvent.OtherAccepted());
    }

    private void requestMaintenance() {
        inbox.add(new ConnectionEvent.MaintenanceDue());
    }

    /** Closes the connection and its users; returns when the supervisor has ended. */
    public void close() throws InterruptedException {
        closing = true;
        inbox.add(new ConnectionEvent.CloseRequested());
        users.forEach(retry -> retry.user().close());
        Optional<AmqpConnection> open = current;
        if (open.isPresent()) {
            open.get().close();
        }
        if (supervisor.isPresent()) {
            supervisor.get().stop();
            supervisor.get().join();
        }
    }

    private void run(ThreadPulse pulse) throws InterruptedException {
        try {
            apply(new ConnectionEvent.Started());
            while (!(state instanceof ConnectionState.Closed)) {
                // it waits for events, and RabbitMQ may answer late
                pulse.waiting();
                apply(next());
            }
        } finally {
            release();
        }
    }

    private ConnectionEvent next() throws InterruptedException {
        if (closing) {
            return new ConnectionEvent.CloseRequested();
        }
        ConnectionEvent event = inbox.poll(untilDueNanos(), TimeUnit.NANOSECONDS);
        if (event != null) {
            return event;
        }
        return state instanceof ConnectionState.Waiting
                ? new ConnectionEvent.RetryDue()
                : new ConnectionEvent.MaintenanceDue();
    }

    private long untilDueNanos() {
        long nowNanos = System.nanoTime();
        if (state instanceof ConnectionState.Waiting) {
            return retryNanos - nowNanos;
        }
        if (alarm.isBlocked()) {
            return TOPOLOGY_CHECK_NANOS;
        }
        long untilCheck = checkedNanos + TOPOLOGY_CHECK_NANOS - nowNanos;
        return users.stream()
                .mapToLong(retry -> retry.untilDueNanos(nowNanos))
                .reduce(untilCheck, Math::min);
    }

    private void apply(ConnectionEvent first) throws InterruptedException {
        results.add(first);
        while (!results.isEmpty()) {
            ConnectionStep step = machine.step(state, results.remove());
            state = step.state();
            for (ConnectionAction action : step.actions()) {
                execute(action);
            }
        }
    }

    private void execute(ConnectionAction action) throws InterruptedException {
        switch (action) {
            case ConnectionAction.Open(var epoch, var endpoint) -> open(epoch, endpoint);
            case ConnectionAction.ReportOpen _ -> reportOpen();
            case ConnectionAction.AttachUsers _ -> attachUsers();
            case ConnectionAction.Maintain _ -> maintain();
            case ConnectionAction.Release _ -> release();
            case ConnectionAction.StartRetryTimer(var least, var most, var failure, var report) -> {
                long millis = ThreadLocalRandom.current().nextLong(least, most + 1);
                retryNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                if (report && !closing) {
                    report(failure, millis);
                }
            }
            case ConnectionAction.FailStart(var refused) ->
                    channels.completeExceptionally(
                            new BrokerStartException(refused.reason(), refused.explanation()));
            case ConnectionAction.ReportRefused(var refused) ->
                    report(refused, config.backoff().firstMillis());
            case ConnectionAction.ReportBlocked(var reason) ->
                    notifier.announce(new BrokerEvent.Blocked(index, reason));
            case ConnectionAction.ReportUnblocked _ ->
                    notifier.announce(new BrokerEvent.Unblocked(index));
        }
    }

    private void report(ConnectionFailure failure, long retryMillis) {
        notifier.announce(
                switch (failure) {
                    case ConnectionFailure.Unreachable(String text) ->
                            new BrokerEvent.Disconnected(index, text, retryMillis);
                    case ConnectionFailure.Refused(BrokerRefusal reason, String text) ->
                            new BrokerEvent.Refused(index, reason, text, retryMillis);
                });
    }

    private void open(long epoch, int endpointIndex) {
        Endpoint endpoint = config.endpoints().get(endpointIndex);
        Optional<AmqpConnection> opened = Optional.empty();
        try {
            AmqpConnection connection =
                    AmqpConnection.open(config, endpoint, "loom-dispatch-" + index, tasks);
            opened = Optional.of(connection);
            connection.requireChannels(users.size());
            alarm.follow(epoch);
            connection
                    .connection()
                    .addBlockedListener(
                            reason -> onBlocked(epoch, reason), () -> onUnblocked(epoch));
            topology.declare(connection.connection());
            openedNanos = System.nanoTime();
            // the listener runs at once if the connection has ended already
            connection.connection().addShutdownListener(_ -> onLost(epoch, connection));
            current = opened;
            results.add(new ConnectionEvent.Opened(epoch));
        } catch (IOException | ShutdownSignalException failure) {
            opened.ifPresent(AmqpConnection::cut);
            alarm.end();
            results.add(
                    new ConnectionEvent.AttemptFailed(
                            epoch, ConnectionFailure.of(failure), group.isAccepted()));
        }
    }

    private void reportOpen() {
        checkedNanos = openedNanos;
        AmqpConnection opened = current.orElseThrow();
        notifier.announce(new BrokerEvent.Connected(index, opened.endpoint()));
        channels.complete(opened.channels());
        group.accepted(this);
    }

    private void onLost(long epoch, AmqpConnection lost) {
        long lived = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        boolean stable = lived > config.backoff().longestMillis();
        inbox.add(new ConnectionEvent.Lost(epoch, lost.end(), stable));
    }

    private void release() {
        current.ifPresent(open -> {
            current = Optional.empty();
            open.cut();
            users.forEach(ChannelRetry::forget);
            alarm.end();
            counters.disconnects.increment();
        });
    }

    private void maintain() {
        long nowNanos = System.nanoTime();
        boolean due = users.stream().anyMatch(retry -> retry.untilDueNanos(nowNanos) == 0);
        if (due || nowNanos - checkedNanos >= TOPOLOGY_CHECK_NANOS) {
            AmqpConnection open = current.orElseThrow();
            try {
                checkedNanos = nowNanos;
                topology.declare(open.connection());
                attachUsers();
            } catch (IOException | ShutdownSignalException failure) {
                onTopologyFailure(open, ConnectionFailure.of(failure));
            }
        }
    }

    private void onTopologyFailure(AmqpConnection open, ConnectionFailure failure) {
        switch (failure) {
            // attached users go on; the others wait for their own retry
            case ConnectionFailure.Refused refused -> {
                users.forEach(retry -> retry.takeDue(System.nanoTime()));
                results.add(new ConnectionEvent.TopologyRefused(state.epoch(), refused));
            }
            case ConnectionFailure.Unreachable _ -> open.cut();
        }
    }

    private void attachUsers() {
        AmqpConnection open = current.orElseThrow();
        for (ChannelRetry retry : users) {
            if (!alarm.isBlocked() && open.isOpen() && retry.takeDue(System.nanoTime())) {
                attach(open, retry);
            }
        }
    }

    private void attach(AmqpConnection open, ChannelRetry retry) {
        String name = retry.user().name();
        try {
            int resent = retry.attach(open.connection());
            notifier.announce(new BrokerEvent.LaneAttached(name, resent));
        } catch (ChannelContinuationTimeoutException noAnswer) {
            open.cut();
        } catch (IOException | ShutdownSignalException failure) {
            if (open.isOpen()) {
                notifier.announce(
                        new BrokerEvent.LaneLost(name, ConnectionFailure.reasonOf(failure)));
            }
        }
    }

    /** The users stop at once: the supervisor may wait for an answer that a block delays. */
    private void onBlocked(long epoch, String reason) {
        alarm.report(epoch, true);
        inbox.add(new ConnectionEvent.Blocked(epoch, reason));
    }

    private void onUnblocked(long epoch) {
        alarm.report(epoch, false);
        inbox.add(new ConnectionEvent.Unblocked(epoch));
    }
}
