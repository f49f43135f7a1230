package loom.dispatch.gateway;

import loom.dispatch.gateway.backlog.BacklogBudget;
import loom.dispatch.gateway.backlog.DispatchThread;
import loom.dispatch.gateway.limits.ConnectLimiters;
import loom.dispatch.gateway.limits.IdentifyLimiter;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.shard.Shard;
import loom.dispatch.gateway.shard.SilenceWatchdog;
import loom.dispatch.gateway.shard.WakeUpTimer;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Starts, watches and drains the shards of this process. One thread calls {@link #start} and {@link
 * #drain}.
 *
 * <p>Threads:
 *
 * <ul>
 *   <li>two virtual threads per shard: the shard's thread and its dispatch thread
 *   <li>one virtual thread each for the identify limiter, the watchdog and the empty batches, and
 *       two for the connect limiters
 *   <li>one platform thread for the wake-up timers
 *   <li>the HTTP client's selector, and short virtual threads for its callbacks
 * </ul>
 */
public final class Gateway {
    /**
     * The interval of empty batches to the sink of a shard without events. The sink has periodic
     * work of its own.
     */
    private static final Duration EMPTY_BATCH_INTERVAL = Duration.ofSeconds(2);

    private final List<Shard> shards;
    private final int firstShard;
    private final List<SupervisedThread> shardThreads = new ArrayList<>();
    private final List<SupervisedThread> otherThreads = new ArrayList<>();
    private final HttpClient http;
    private final ScheduledExecutorService wakeUps = WakeUpTimer.newScheduler();
    private final BacklogBudget budget;
    private final IdentifyLimiter identifyLimiter;
    private final ConnectLimiters connectLimiters;
    private final SupervisedThreads threads;

    /** The {@link System#nanoTime} at which half of the drain's time is over; 0 without a drain. */
    private volatile long drainHalfNanos;

    private final SilenceWatchdog watchdog;

    /**
     * Creates the shards. {@link #start} starts them.
     *
     * @param checkpoints the sessions to resume, by shard; a shard without one identifies
     * @param spooled the checkpoints of the last events that an earlier process left on disk, by
     *     shard; the shard resumes from there, and position 0 settles these events
     * @param identifies limits the IDENTIFYs of all processes
     * @param listener receives the shards' lifecycle events
     * @param threads starts and supervises the threads of the shards and their limiters
     */
    public Gateway(
            GatewayConfig config,
            Map<Integer, Checkpoint> checkpoints,
            Map<Integer, Checkpoint> spooled,
            IdentifyBudget identifies,
            GatewayListener listener,
            SupervisedThreads threads) {
        this(config, checkpoints, spooled, identifies, listener, threads, ShardTimeouts.STANDARD);
    }

    /** Creates the shards with other timeouts, for tests. */
    Gateway(
            GatewayConfig config,
            Map<Integer, Checkpoint> checkpoints,
            Map<Integer, Checkpoint> spooled,
            IdentifyBudget identifies,
            GatewayListener listener,
            SupervisedThreads threads,
            ShardTimeouts timeouts) {
        this.threads = threads;
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .connectTimeout(timeouts.connect())
                        .build();
        budget = new BacklogBudget(config.shardBacklogBytes(), config.totalBacklogBytes());
        identifyLimiter =
                new IdentifyLimiter(config.maxConcurrency(), config.identifyInterval(), identifies);
        connectLimiters = new ConnectLimiters(config.maxConcurrency(), timeouts.place());
        firstShard = config.firstShard();
        shards = new ArrayList<>(config.shardCount());
        for (int id = firstShard; id <= config.lastShard(); id++) {
            shards.add(
                    new Shard(
                            id,
                            config,
                            timeouts,
                            identifyLimiter,
                            connectLimiters.place(),
                            http,
                            wakeUps,
                            budget,
                            Optional.ofNullable(checkpoints.get(id)),
                            Optional.ofNullable(spooled.get(id)),
                            listener));
        }
        watchdog = new SilenceWatchdog(shards, timeouts);
    }

    /**
     * Starts the shards and returns. Must be called once.
     *
     * @param sink receives the events
     */
    public void start(DispatchSink sink) {
        otherThreads.add(threads.start("identify-limiter", identifyLimiter));
        connectLimiters.start(threads);
        otherThreads.add(threads.start("silence-watchdog", watchdog));
        otherThreads.add(threads.start("empty-batches", this::sendEmptyBatches));
        for (Shard shard : shards) {
            var dispatch = new DispatchThread(shard.id(), shard.backlog(), sink);
            otherThreads.add(threads.start("dispatch-" + shard.id(), dispatch));
            shardThreads.add(threads.start("shard-" + shard.id(), shard));
        }
    }

    private void sendEmptyBatches(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.expectWithin(EMPTY_BATCH_INTERVAL);
            Thread.sleep(EMPTY_BATCH_INTERVAL);
            shards.forEach(shard -> shard.backlog().wakeDispatchThread());
        }
    }

    /**
     * Reports that all events of the shard up to this position, inclusive, are in the cache and
     * confirmed by RabbitMQ.
     *
     * <p>Any thread may call this method. It does not block.
     *
     * @return whether the shard's checkpoint changed to another session
     */
    public boolean settled(int shard, long position) {
        return shard(shard).backlog().settle(position);
    }

    /**
     * Reports that all events of the shard up to this position, inclusive, are on disk and will be
     * published from there.
     *
     * <p>The events leave the memory. The checkpoint does not change. Any thread may call this
     * method. It does not block.
     */
    public void spooled(int shard, long position) {
        shard(shard).backlog().spooled(position);
    }

    /**
     * Returns whether waiting events should go to disk: half of the memory is used, or a drain has
     * used half of its time.
     *
     * <p>Any thread may call this method. It does not block.
     */
    public boolean memoryIsShort(int shard) {
        long half = drainHalfNanos;
        return shard(shard).backlog().isHalfFull() || half != 0 && System.nanoTime() - half > 0;
    }

    /**
     * Returns the checkpoints from which a new process would resume, by shard. Any thread may call
     * it.
     */
    public Map<Integer, Checkpoint> checkpoints() {
        Map<Integer, Checkpoint> settled = new TreeMap<>();
        for (Shard shard : shards) {
            shard.backlog().settled().ifPresent(at -> settled.put(shard.id(), at));
        }
        return settled;
    }

    /** Returns the present state of all shards of this process, by id. Any thread may call it. */
    public List<ShardSnapshot> snapshots() {
        return shards.stream().map(Shard::snapshot).toList();
    }

    /**
     * Returns the number of events received since the start, over all shards. Any thread may call
     * it.
     */
    public long receivedEvents() {
        return shards.stream().mapToLong(Shard::receivedEvents).sum();
    }

    /**
     * Returns the bytes of the unsettled events in memory, over all shards. Any thread may call it.
     */
    public long backlogBytes() {
        return budget.used();
    }

    /**
     * Closes the shard's connection, opens a new one and resumes the session.
     *
     * <p>A shard that is not ready already connects, and does not change. Any thread may call this
     * method.
     *
     * @return completed on any thread when the shard has left the old connection; never completed
     *     if the gateway drains first
     */
    public CompletionStage<SendOutcome> reconnect(int shard) {
        return shard(shard).reconnect();
    }

    /**
     * Sends a frame on its shard's connection as soon as the shard is ready and Discord's limits
     * allow it.
     *
     * <p>Any thread may call this method. It does not block.
     *
     * @return the outcome, completed on any thread; never completed if the gateway drains first, so
     *     that the caller hands the frame to the next process
     */
    public CompletionStage<SendOutcome> send(OutboundFrame message) {
        return shard(message.shard()).admission().admit(message);
    }

    /**
     * Returns the number of frames that wait to be sent, over all shards. Any thread may call it.
     */
    public long waitingFrames() {
        return shards.stream().mapToLong(shard -> shard.admission().frames()).sum();
    }

    /**
     * Drains the shards: stops reading, closes the connections so that the sessions can be resumed,
     * waits until all received events are settled, and ends all threads.
     *
     * @return whether all events were settled in time
     */
    public boolean drain(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        drainHalfNanos = deadline - atMost.toNanos() / 2;
        shards.forEach(shard -> shard.signal(new ShardEvent.Drain()));
        boolean settled = true;
        for (SupervisedThread thread : shardThreads) {
            settled &= thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        for (Shard shard : shards) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            settled &= shard.backlog().awaitSettled(left);
        }
        shardThreads.forEach(SupervisedThread::stop);
        otherThreads.forEach(SupervisedThread::stop);
        connectLimiters.stop();
        wakeUps.shutdownNow();
        http.shutdownNow();
        return settled;
    }

    private Shard shard(int id) {
        return shards.get(id - firstShard);
    }
}
