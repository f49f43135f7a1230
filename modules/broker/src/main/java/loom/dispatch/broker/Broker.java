package loom.dispatch.broker;

import loom.dispatch.broker.commands.CommandConsumer;
import loom.dispatch.broker.connection.BrokerCounters;
import loom.dispatch.broker.connection.BrokerEventNotifier;
import loom.dispatch.broker.connection.RabbitConnection;
import loom.dispatch.broker.connection.RabbitInspector;
import loom.dispatch.broker.publish.ConfirmedPublisher;
import loom.dispatch.broker.publish.InFlightQuota;
import loom.dispatch.broker.spool.Spool;
import loom.dispatch.broker.spool.SpoolingLane;

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
 * RabbitMQ as the service sees it: lanes to publish on, their state, and an orderly end.
 *
 * <p>Thread-safe. Connections are made, watched and made anew by supervisor threads of their own;
 * while RabbitMQ is away lanes wait, and nothing that a lane has taken is forgotten.
 */
public final class Broker {
    /** How often a drain looks whether it is done. */
    private static final long DRAIN_POLL_MILLIS = 5;

    /** Number of the connection for commands, in logs and events. */
    private static final int COMMANDS_INDEX = -1;

    private final BrokerConfig config;
    private final BrokerCounters counters = new BrokerCounters();
    private final InFlightQuota traffic = new InFlightQuota();
    private final BrokerEventNotifier announcer;
    private final int lanesPerUplink;

    // Guards the six below; held for no I/O.
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RabbitConnection> uplinks = new ArrayList<>();
    private final List<ConfirmedPublisher> lanes = new ArrayList<>();
    private final List<SpoolingLane> spooledLanes = new ArrayList<>();
    private Optional<SpoolDirectory> spools = Optional.empty();
    private Optional<RabbitConnection> commands = Optional.empty();
    private Optional<CommandConsumer> commandConsumer = Optional.empty();

    private Broker(BrokerConfig config, BrokerEvent.Listener listener)
            throws BrokerStartException, InterruptedException {
        this.config = config;
        this.announcer = new BrokerEventNotifier(listener);
        // One channel of each connection is left for declaring.
        this.lanesPerUplink = Math.min(config.lanesPerConnection(), firstUplink() - 1);
    }

    /**
     * Connects and declares the exchange and the queues. Waits with back-off, without limit of
     * time, as long as RabbitMQ is not reachable.
     *
     * @throws BrokerStartException if RabbitMQ refuses the user, the virtual host, a permission or
     *     the arguments of a queue or exchange; its message is one line for the operator
     * @throws InterruptedException if interrupted while waiting; nothing is left open
     */
    public static Broker connect(BrokerConfig config, BrokerEvent.Listener listener)
            throws BrokerStartException, InterruptedException {
        return new Broker(config, listener);
    }

    /**
     * Looks at the first endpoint that answers. Blocks, for a minute at most when RabbitMQ is slow.
     *
     * @throws BrokerStartException if RabbitMQ refuses the user, the virtual host or the
     *     certificate
     * @throws BrokerUnavailableException if no endpoint answers
     * @throws InterruptedException if interrupted
     */
    public static BrokerInspection inspect(BrokerConfig config)
            throws BrokerStartException, BrokerUnavailableException, InterruptedException {
        return RabbitInspector.inspect(config);
    }

    private int firstUplink() throws BrokerStartException, InterruptedException {
        RabbitConnection first = addUplink();
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

    private RabbitConnection addUplink() {
        RabbitConnection uplink =
                new RabbitConnection(
                        uplinks.size(), uplinks.isEmpty(), config, counters, announcer);
        uplinks.add(uplink);
        uplink.start();
        return uplink;
    }

    /**
     * The lane of a shard; at once, though it may not be attached yet.
     *
     * @param shard shard id
     * @param listener hears how far the lane is settled
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
     * The lane of a shard whose events go to disk while RabbitMQ takes none and the listener says
     * that memory is short. What an earlier process left on disk is published first.
     *
     * @throws IOException if the spool cannot be used
     */
    public PublishingLane lane(int shard, SettlementListener listener, SpoolDirectory disk)
            throws IOException {
        lock.lock();
        try {
            requireNoLane(shard);
            return spooledLane(shard, listener, disk, disk.of(shard));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Publishes what an earlier process left on disk of shards that are not among these; called
     * after the lanes of those are made.
     */
    public void replayOthers(SpoolDirectory disk, int firstShard, int lastShard) {
        lock.lock();
        try {
            disk.others(firstShard, lastShard)
                    .forEach((spool, shard) -> spooledLane(shard, _ -> {}, disk, spool));
        } finally {
            lock.unlock();
        }
    }

    private void requireNoLane(int shard) {
        if (lanes.stream().anyMatch(lane -> lane.shard() == shard)) {
            throw new IllegalArgumentException("shard " + shard + " has a lane already");
        }
    }

    private SpoolingLane spooledLane(
            int shard, SettlementListener listener, SpoolDirectory disk, Spool spool) {
        spools = Optional.of(disk);
        SpoolingLane lane =
                new SpoolingLane(below -> confirmedLane(shard, below), spool, listener, announcer);
        spooledLanes.add(lane);
        lane.start();
        return lane;
    }

    private ConfirmedPublisher confirmedLane(int shard, SettlementListener listener) {
        RabbitConnection uplink =
                uplinks.stream()
                        .filter(candidate -> candidate.riderCount() < lanesPerUplink)
                        .findFirst()
                        .orElseGet(this::addUplink);
        ConfirmedPublisher lane =
                new ConfirmedPublisher(shard, listener, config, counters, traffic, uplink);
        lanes.add(lane);
        uplink.adopt(lane);
        return lane;
    }

    private List<SpoolingLane> spooledLanes() {
        lock.lock();
        try {
            return List.copyOf(spooledLanes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * To be called before checkpoints are taken; what it returns is to be run once these are saved.
     * It removes what spools keep only for a process that would find no newer checkpoint.
     */
    public Runnable afterSave() {
        List<Runnable> all = spooledLanes().stream().map(SpoolingLane::afterSave).toList();
        return () -> all.forEach(Runnable::run);
    }

    /** The spools now, if there are any; any thread. */
    public Optional<BrokerStats.SpoolStats> spoolStats() {
        List<SpoolingLane> all = spooledLanes();
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
     * Begins to read commands, on a connection of its own, so that an alarm which stops publishing
     * does not stop them.
     *
     * @param shards which shards this process runs; commands for others are handed on
     * @param handler does them
     * @throws IllegalStateException if commands are read already
     */
    public void commands(LocalShards shards, CommandHandler handler) {
        lock.lock();
        try {
            if (commands.isPresent()) {
                throw new IllegalStateException("commands are read already");
            }
            RabbitConnection uplink =
                    new RabbitConnection(COMMANDS_INDEX, false, config, counters, announcer);
            commands = Optional.of(uplink);
            CommandConsumer consumer = new CommandConsumer(shards, handler, counters, uplink);
            commandConsumer = Optional.of(consumer);
            uplink.adopt(consumer);
            uplink.start();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How commands ended here, by the word that their senders were told, and {@code handed_on} for
     * those that went to the process of their shard. Any thread.
     */
    public Map<String, Long> commandResults() {
        return counters.commands.entrySet().stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                Map.Entry::getKey, counted -> counted.getValue().sum()));
    }

    /** The state and the counters now; a few microseconds per lane, any thread. */
    public BrokerStats stats() {
        List<RabbitConnection> links;
        List<ConfirmedPublisher> all;
        Optional<CommandConsumer> reader;
        lock.lock();
        try {
            links = Stream.concat(uplinks.stream(), commands.stream()).toList();
            all = List.copyOf(lanes);
            reader = commandConsumer;
        } finally {
            lock.unlock();
        }
        return new BrokerStats(
                links.size(),
                (int) links.stream().filter(RabbitConnection::isUp).count(),
                (int) links.stream().filter(RabbitConnection::isBlocked).count(),
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
     * Waits until nothing is in flight or on disk, or the time is over. The dispatch threads must
     * have stopped.
     *
     * @return whether everything that lanes took is settled
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

    /** What waits on disk need not be in flight: while RabbitMQ is away none of it is. */
    private boolean isDrained() {
        return spooledLanes().stream().noneMatch(SpoolingLane::isSpooling)
                && stats().inFlightMessages() == 0;
    }

    /**
     * Drains, then ends all connections. A dispatch thread that still waits in a lane gets an
     * {@link IllegalStateException}.
     *
     * @return whether everything that lanes took is settled
     * @throws InterruptedException if interrupted while waiting; then connections may be left
     */
    public boolean close(Duration limit) throws InterruptedException {
        boolean drained = drain(limit);
        List<RabbitConnection> links;
        lock.lock();
        try {
            links = Stream.concat(uplinks.stream(), commands.stream()).toList();
        } finally {
            lock.unlock();
        }
        spooledLanes().forEach(SpoolingLane::close);
        for (RabbitConnection uplink : links) {
            uplink.close();
        }
        return drained;
    }
}
