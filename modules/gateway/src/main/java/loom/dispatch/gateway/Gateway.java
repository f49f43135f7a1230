package loom.dispatch.gateway;

import loom.dispatch.gateway.backlog.BacklogBudget;
import loom.dispatch.gateway.backlog.DispatchThread;
import loom.dispatch.gateway.limits.ConnectLimiters;
import loom.dispatch.gateway.limits.IdentifyLimiter;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.rest.LazyTls;
import loom.dispatch.gateway.shard.Shard;
import loom.dispatch.gateway.shard.SilenceWatchdog;
import loom.dispatch.gateway.shard.WakeUpTimer;

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
import java.util.concurrent.TimeUnit;

/**
 * The shards of this process: started, watched, drained. Started and drained by one thread.
 *
 * <p>Threads: for each shard its own and its dispatch thread, both virtual; one for the identify
 * limiter, two for the gates of connects and one for the watchdog; a platform thread for the
 * alarms; the HTTP client's selector and short-lived virtual threads for its callbacks.
 */
public final class Gateway {
    /** How long the sink of a quiet shard hears nothing: it has its own work to do now and then. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final List<Shard> shards;
    private final int firstShard;
    private final List<Thread> shardThreads = new ArrayList<>();
    private final List<Thread> dispatchThreads = new ArrayList<>();
    private final HttpClient http;
    private final ScheduledExecutorService clock = WakeUpTimer.clock();
    private final BacklogBudget budget;
    private final IdentifyLimiter limiter;
    private final ConnectLimiters gates;
    private final GatewayListener listener;

    /** When half of a drain's time is over; 0 while there is none. */
    private volatile long drainHalfNanos;

    private final SilenceWatchdog watchdog;
    private Thread watchdogThread = Thread.ofVirtual().unstarted(() -> {});
    private Thread limiterThread = Thread.ofVirtual().unstarted(() -> {});

    /**
     * Makes the shards; {@link #start} starts them.
     *
     * @param checkpoints the sessions to resume, by shard; a shard without one identifies
     * @param spooled where a shard's session stands instead, with what waits on disk; position 0
     *     settles it
     * @param identifies guards the day's IDENTIFYs
     * @param listener hears of the shards' lives
     */
    public Gateway(
            GatewayConfig config,
            Map<Integer, Checkpoint> checkpoints,
            Map<Integer, Checkpoint> spooled,
            IdentifyBudget identifies,
            GatewayListener listener) {
        this(config, checkpoints, spooled, identifies, listener, ShardTimeouts.STANDARD);
    }

    /** The same with other waits, so that a test of a fault need not last as long as the fault. */
    Gateway(
            GatewayConfig config,
            Map<Integer, Checkpoint> checkpoints,
            Map<Integer, Checkpoint> spooled,
            IdentifyBudget identifies,
            GatewayListener listener,
            ShardTimeouts timing) {
        this.listener = listener;
        http =
                LazyTls.clients()
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .connectTimeout(timing.connect())
                        .build();
        budget = new BacklogBudget(config.shardBacklogBytes(), config.totalBacklogBytes());
        limiter =
                new IdentifyLimiter(config.maxConcurrency(), config.identifyInterval(), identifies);
        gates = new ConnectLimiters(config.maxConcurrency(), timing.place());
        firstShard = config.firstShard();
        shards = new ArrayList<>(config.shardCount());
        for (int id = firstShard; id <= config.lastShard(); id++) {
            shards.add(
                    new Shard(
                            id,
                            config,
                            timing,
                            limiter,
                            gates.place(),
                            http,
                            clock,
                            budget,
                            Optional.ofNullable(checkpoints.get(id)),
                            Optional.ofNullable(spooled.get(id)),
                            listener));
        }
        watchdog = new SilenceWatchdog(shards, timing);
    }

    /**
     * Starts the shards, once; returns at once.
     *
     * @param sink takes the events
     */
    public void start(DispatchSink sink) {
        limiterThread = Thread.ofVirtual().name("identify-limiter").start(limiter);
        gates.start();
        watchdogThread = Thread.ofVirtual().name("watchdog").start(watchdog);
        clock.scheduleWithFixedDelay(
                () -> shards.forEach(shard -> shard.backlog().wakeQuiet()),
                QUIET.toNanos(),
                QUIET.toNanos(),
                TimeUnit.NANOSECONDS);
        for (Shard shard : shards) {
            var dispatch = new DispatchThread(shard.id(), shard.backlog(), sink, listener);
            dispatchThreads.add(Thread.ofVirtual().name("dispatch-" + shard.id()).start(dispatch));
            shardThreads.add(Thread.ofVirtual().name("shard-" + shard.id()).start(shard));
        }
    }

    /**
     * Reports that every event of the shard up to and including this position is in the cache and
     * confirmed by the broker. From any thread; does not block.
     *
     * @return whether the shard's checkpoint now is of another session than before
     */
    public boolean settled(int shard, long position) {
        return shard(shard).backlog().settle(position);
    }

    /**
     * Reports that every event of the shard up to and including this position is on disk and will
     * be published from there: it leaves the memory, and the checkpoint stays where it is. From any
     * thread; does not block.
     */
    public void spooled(int shard, long position) {
        shard(shard).backlog().spooled(position);
    }

    /**
     * Whether what waits to be published should go to disk: half of the memory is taken, or a drain
     * has used half of its time. From any thread; does not block.
     */
    public boolean memoryIsShort(int shard) {
        long half = drainHalfNanos;
        return shard(shard).backlog().isHalfFull() || half != 0 && System.nanoTime() - half > 0;
    }

    /** What a new process would resume from, by shard. From any thread. */
    public Map<Integer, Checkpoint> checkpoints() {
        Map<Integer, Checkpoint> settled = new TreeMap<>();
        for (Shard shard : shards) {
            shard.backlog().settled().ifPresent(at -> settled.put(shard.id(), at));
        }
        return settled;
    }

    /** All shards of this process as they are now, by id. From any thread. */
    public List<ShardSnapshot> snapshots() {
        return shards.stream().map(Shard::snapshot).toList();
    }

    /**
     * The shards whose thread hangs: it should have looked up from its work, or from a wait whose
     * end it knew, longer ago than this. No peer can make it wait, so a hanging thread is an error
     * of ours that only a new process mends. From any thread.
     */
    public List<Integer> hanging(Duration beyond) {
        return shards.stream().filter(shard -> shard.isOverdue(beyond)).map(Shard::id).toList();
    }

    /** Events received since the start, over all shards. From any thread. */
    public long receivedEvents() {
        return shards.stream().mapToLong(Shard::receivedEvents).sum();
    }

    /** Bytes held in unsettled events, over all shards. From any thread. */
    public long backlogBytes() {
        return budget.used();
    }

    /**
     * Gives the shard a fresh connection and resumes its session; one that is not ready is on its
     * way there already and left alone. From any thread.
     *
     * @return done when the old connection is left, on any thread; never if the gateway drains
     *     before
     */
    public CompletionStage<SendOutcome> reconnect(int shard) {
        return shard(shard).reconnect();
    }

    /**
     * Sends a frame on its shard's connection as soon as the shard is ready and Discord's limits
     * allow it. From any thread; does not block.
     *
     * @return what became of it, on any thread. Never completed if the gateway drains before: who
     *     holds the frame hands it to the next process
     */
    public CompletionStage<SendOutcome> send(OutboundFrame message) {
        return shard(message.shard()).entrance().take(message);
    }

    /** Frames that wait to be sent, over all shards. From any thread. */
    public long waitingFrames() {
        return shards.stream().mapToLong(shard -> shard.entrance().frames()).sum();
    }

    /**
     * Stops reading, closes the connections so that the sessions can be resumed, and waits until
     * everything received is settled; then ends all threads.
     *
     * @return whether all was settled within the time
     */
    public boolean drain(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        drainHalfNanos = deadline - atMost.toNanos() / 2;
        shards.forEach(shard -> shard.tell(new ShardEvent.Drain()));
        boolean settled = true;
        for (Thread thread : shardThreads) {
            settled &= thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        }
        for (Shard shard : shards) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            settled &= shard.backlog().awaitSettled(left);
        }
        shardThreads.forEach(Thread::interrupt);
        dispatchThreads.forEach(Thread::interrupt);
        limiterThread.interrupt();
        gates.stop();
        watchdogThread.interrupt();
        clock.shutdownNow();
        http.shutdownNow();
        return settled;
    }

    private Shard shard(int id) {
        return shards.get(id - firstShard);
    }
}
