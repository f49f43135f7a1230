package loom.dispatch.broker;

import loom.dispatch.broker.commands.CommandConsumer;
import loom.dispatch.broker.connection.BrokerCounters;
import loom.dispatch.broker.connection.BrokerEventNotifier;
import loom.dispatch.broker.connection.ConnectionGroup;
import loom.dispatch.broker.connection.RabbitConnection;
import loom.dispatch.broker.connection.RabbitInspector;
import loom.dispatch.broker.publish.ConfirmedPublisher;
import loom.dispatch.broker.publish.InFlightQuota;
import loom.dispatch.broker.spool.Spool;
import loom.dispatch.broker.spool.SpoolingLane;
import loom.dispatch.runtime.SupervisedThreads;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Connects to RabbitMQ, creates the publishing lanes and the command consumer, and drains and
 * closes them.
 *
 * <p>Thread-safe. Each connection has a supervisor thread that opens it and reopens it after a
 * loss. While RabbitMQ is unavailable, the lanes wait and keep every event that they accepted.
 */
public final class Broker {
    /** The interval at which a drain checks whether it is done. */
    private static final long DRAIN_POLL_MILLIS = 5;

    /** The number of the connection for commands in logs and events. */
    private static final int COMMANDS_INDEX = -1;

    private final BrokerConfig config;
    private final BrokerCounters counters = new BrokerCounters();
    private final InFlightQuota inFlightQuota = new InFlightQuota();
    private final BrokerEventNotifier notifier;
    private final SupervisedThreads threads;
    private final ConnectionGroup group = new ConnectionGroup();
    private final int lanesPerConnection;

    // Guards the six fields below. No thread does I/O while it holds the lock.
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RabbitConnection> connections = new ArrayList<>();
    private final List<ConfirmedPublisher> lanes = new ArrayList<>();
    private final List<SpoolingLane> spoolingLanes = new ArrayList<>();
    private Optional<SpoolDirectory> spools = Optional.empty();
    private Optional<RabbitConnection> commands = Optional.empty();
    private Optional<CommandConsumer> commandConsumer = Optional.empty();

    private Broker(BrokerConfig config, BrokerEvent.Listener listener, SupervisedThreads threads)
            throws BrokerStartException, InterruptedException {
        this.config = config;
        this.threads = threads;
        this.notifier = new BrokerEventNotifier(listener);
        // Each connection reserves one channel for declaring the topology.
        this.lanesPerConnection = Math.min(config.lanesPerConnection(), openFirstConnection() - 1);
    }

    /**
     * Opens the first connection and declares the exchange and the queues. Retries with back-off
     * and without a time limit while RabbitMQ is unreachable.
     *
     * @param threads starts the connections' supervisors and the other threads of the broker
     * @throws BrokerStartException if RabbitMQ rejects the user, the virtual host, a permission or
     *     the arguments of a queue or exchange; its message is one line for the operator
     * @throws InterruptedException if interrupted while waiting; no connection stays open
     */
    public static Broker connect(
            BrokerConfig config, BrokerEvent.Listener listener, SupervisedThreads threads)
            throws BrokerStartException, InterruptedException {
        return new Broker(config, listener, threads);
    }

    /** Connects as the other method does, for a program without a supervisor of its threads. */
    public static Broker connect(BrokerConfig config, BrokerEvent.Listener listener)
            throws BrokerStartException, InterruptedException {
        return connect(config, listener, SupervisedThreads.unsupervised());
    }

    /**
     * Inspects the first endpoint that answers without changing anything there. Blocks for at most
     * a minute if RabbitMQ is slow.
     *
     * @throws BrokerStartException if RabbitMQ rejects the user or the virtual host, or the TLS
     *     handshake fails
     * @throws BrokerUnavailableException if no endpoint answers
     * @throws InterruptedException if interrupted
     */
    public static BrokerInspection inspect(BrokerConfig config)
            throws BrokerStartException, BrokerUnavailableException, InterruptedException {
        return RabbitInspector.inspect(config);
    }

    private int openFirstConnection() throws BrokerStartException, InterruptedException {
        RabbitConnection first = addConnection();
        boolean connected = false;
        try {
            int channels = first.channels().get();
            connected = true;
            return channels;
        } catch (ExecutionException refused) {
            if (refused.getCause() instanceof BrokerStartException cause) {
                throw cause;
            }
            throw new IllegalStateException(refused.getCause());
        } finally {
            if (!connected) {
                first.close();
            }
        }
    }

    private RabbitConnection addConnection() {
        RabbitConnection connection =
                new RabbitConnection(
                        connections.size(),
                        connections.isEmpty(),
                        config,
                        group,
                        counters,
                        notifier,
                        threads);
        connections.add(connection);
        connection.start();
        return connection;
    }

    /**
     * Creates the lane of a shard. Returns at once; the lane may have no channel yet.
     *
     * @param shard shard id
     * @param listener receives the lane's progress
     * @throws IllegalArgumentException if the shard has a lane already
     */
    public PublishingLane lane(int shard, SettlementListener listener) {
        lock.lock();
        try {
            requireNoLane(shard);
            return confirmedLane(shard, listener);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Creates the lane of a shard with a spool. The lane writes events to disk while RabbitMQ
     * accepts none and the listener reports that memory is short. It first publishes the spooled
     * events of an earlier process.
     *
     * @throws IOException if the spool cannot be used
     */
    public PublishingLane lane(int shard, SettlementListener listener, SpoolDirectory disk)
            throws IOException {
        lock.lock();
        try {
            requireNoLane(shard);
            return spoolingLane(shard, listener, disk, disk.spool(shard));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Publishes the spooled events of all other shards, which an earlier process left. Call it
     * after the lanes of the given range exist.
     */
    public void replayOthers(SpoolDirectory disk, int firstShard, int lastShard) {
        lock.lock();
        try {
            disk.otherSpools(firstShard, lastShard)
                    .forEach((spool, shard) -> spoolingLane(shard, _ -> {}, disk, spool));
        } finally {
            lock.unlock();
        }
    }

    private void requireNoLane(int shard) {
        if (lanes.stream().anyMatch(lane -> lane.shard() == shard)) {
            throw new IllegalArgumentException("shard " + shard + " has a lane already");
        }
    }

    private SpoolingLane spoolingLane(
            int shard, SettlementListener listener, SpoolDirectory disk, Spool spool) {
        spools = Optional.of(disk);
        SpoolingLane lane =
                new SpoolingLane(
                        below -> confirmedLane(shard, below), spool, listener, notifier, threads);
        spoolingLanes.add(lane);
        lane.start();
        return lane;
    }

    private ConfirmedPublisher confirmedLane(int shard, SettlementListener listener) {
        RabbitConnection connection =
                connections.stream()
                        .filter(candidate -> candidate.userCount() < lanesPerConnection)
                        .findFirst()
                        .orElseGet(this::addConnection);
        ConfirmedPublisher lane =
                new ConfirmedPublisher(
                        shard, listener, config, counters, inFlightQuota, connection);
        lanes.add(lane);
        connection.adopt(lane);
        return lane;
    }

    private List<SpoolingLane> spoolingLanes() {
        lock.lock();
        try {
            return List.copyOf(spoolingLanes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Prepares the removal of spooled events that only a process with an older checkpoint needs.
     * Call it before taking the checkpoints; run the result after the checkpoints are saved.
     */
    public Runnable afterSave() {
        List<Runnable> all = spoolingLanes().stream().map(SpoolingLane::afterSave).toList();
        return () -> all.forEach(Runnable::run);
    }

    /** Returns the state of the spools, if any lane has one. Any thread may call it. */
    public Optional<BrokerStats.SpoolStats> spoolStats() {
        List<SpoolingLane> all = spoolingLanes();
        int spooling = (int) all.stream().filter(SpoolingLane::isSpooling).count();
        int failing = (int) all.stream().filter(SpoolingLane::isAlarmed).count();
        lock.lock();
        try {
            return spools.map(disk -> disk.stats(spooling, failing));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts consuming commands. They have a connection of their own, because an alarm blocks only
     * connections that publish.
     *
     * @param shards the shards of this process; commands for other shards go to their process
     * @param handler carries out the commands
     * @throws IllegalStateException if commands are consumed already
     */
    public void commands(LocalShards shards, CommandHandler handler) {
        lock.lock();
        try {
            if (commands.isPresent()) {
                throw new IllegalStateException("commands are consumed already");
            }
            RabbitConnection connection =
                    new RabbitConnection(
                            COMMANDS_INDEX, false, config, group, counters, notifier, threads);
            commands = Optional.of(connection);
            CommandConsumer consumer =
                    new CommandConsumer(shards, handler, counters, connection, threads);
            commandConsumer = Optional.of(consumer);
            connection.adopt(consumer);
            connection.start();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts the commands by the name of their result; {@code handed_on} counts commands forwarded
     * to the process of their shard. Any thread may call it.
     */
    public Map<String, Long> commandResults() {
        return counters.commands.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, counted -> counted.getValue().sum()));
    }

    /** Returns the current state and counters. Any thread may call it; microseconds per lane. */
    public BrokerStats stats() {
        List<RabbitConnection> allConnections;
        List<ConfirmedPublisher> all;
        Optional<CommandConsumer> reader;
        lock.lock();
        try {
            allConnections = Stream.concat(connections.stream(), commands.stream()).toList();
            all = List.copyOf(lanes);
            reader = commandConsumer;
        } finally {
            lock.unlock();
        }
        return new BrokerStats(
                allConnections.size(),
                (int) allConnections.stream().filter(RabbitConnection::isUp).count(),
                (int) allConnections.stream().filter(RabbitConnection::isBlocked).count(),
                all.size(),
                (int) all.stream().filter(ConfirmedPublisher::attached).count(),
                reader.map(CommandConsumer::attached).orElse(true),
                all.stream().mapToLong(ConfirmedPublisher::inFlight).sum(),
                all.stream().mapToLong(ConfirmedPublisher::inFlightBytes).sum(),
                counters.published.sum(),
                counters.confirmed.sum(),
                counters.resent.sum(),
                counters.nacked.sum(),
                counters.returned.sum(),
                counters.skipped.sum(),
                counters.disconnects.sum());
    }

    /**
     * Waits until no event is in flight or spooled, or the time limit is over. The dispatch threads
     * must have stopped.
     *
     * @return whether all accepted events are settled
     * @throws InterruptedException if interrupted while waiting
     */
    public boolean drain(Duration limit) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!isDrained()) {
            if (deadlineNanos - System.nanoTime() <= 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(DRAIN_POLL_MILLIS);
        }
        return true;
    }

    /** Checks the spools too: while RabbitMQ is unavailable, spooled events are not in flight. */
    private boolean isDrained() {
        return spoolingLanes().stream().noneMatch(SpoolingLane::isSpooling)
                && stats().inFlightMessages() == 0;
    }

    /**
     * Drains the lanes and closes all connections. A dispatch thread that still waits in a lane
     * gets an {@link IllegalStateException}.
     *
     * @return whether all accepted events are settled
     * @throws InterruptedException if interrupted while waiting; some connections may stay open
     */
    public boolean close(Duration limit) throws InterruptedException {
        boolean drained = drain(limit);
        List<RabbitConnection> allConnections;
        lock.lock();
        try {
            allConnections = Stream.concat(connections.stream(), commands.stream()).toList();
        } finally {
            lock.unlock();
        }
        spoolingLanes().forEach(SpoolingLane::close);
        for (RabbitConnection connection : allConnections) {
            connection.close();
        }
        return drained;
    }
}
