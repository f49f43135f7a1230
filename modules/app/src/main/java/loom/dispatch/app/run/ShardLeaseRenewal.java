package loom.dispatch.app.run;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.ProcessIdentity;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.app.process.StartRetry;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.ShardLease;
import loom.dispatch.cache.ShardLeaseHolder;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps the lease that gives this process the right to run its shards: waits for it at the start
 * while another process holds one of them, renews it, and releases it at the end.
 *
 * <p>A second process for the same shards is a standby: it takes over as soon as the first one
 * ends, and no event is published twice. A process that finds its shards held by another one, after
 * a pause longer than the lease, ends. Invariant: {@link #held} is true only while no other process
 * can have taken the lease.
 *
 * <p>Owner of the lease: the thread that waits, and then the renewing thread.
 */
final class ShardLeaseRenewal implements AutoCloseable {
    /**
     * The lifetime of the lease. After a crash on another machine, a new process takes over after
     * this time.
     */
    static final Duration LIFE = Duration.ofSeconds(15);

    private static final EventLog LOG = new EventLog("loom.dispatch.service");

    private final ShardLease lease;
    private final Duration life;
    private final Consumer<StartFailure> lost;
    private final SupervisedThreads threads;
    private Optional<SupervisedThread> renewing = Optional.empty();
    private volatile long heldUntilNanos;

    private ShardLeaseRenewal(
            ShardLease lease,
            Duration life,
            Consumer<StartFailure> lost,
            SupervisedThreads threads) {
        this.lease = lease;
        this.life = life;
        this.lost = lost;
        this.threads = threads;
    }

    /**
     * Waits until the shards are free, takes the lease and renews it until closed.
     *
     * @param waiting receives the reason while it waits
     * @param lost is called if another process has the shards now; this process must end
     * @param threads starts the renewing thread
     */
    static ShardLeaseRenewal take(
            RedisClient redis,
            GatewayConfig config,
            Consumer<String> waiting,
            Consumer<StartFailure> lost,
            SupervisedThreads threads)
            throws InterruptedException {
        ShardLeaseHolder self =
                ProcessIdentity.as(config.firstShard(), config.lastShard(), config.totalShards());
        return take(redis, self, LIFE, waiting, lost, threads);
    }

    /** Does the same for another process and another lifetime of the lease. */
    static ShardLeaseRenewal take(
            RedisClient redis,
            ShardLeaseHolder self,
            Duration life,
            Consumer<String> waiting,
            Consumer<StartFailure> lost,
            SupervisedThreads threads)
            throws InterruptedException {
        var keeper = new ShardLeaseRenewal(new ShardLease(redis, self, life), life, lost, threads);
        keeper.await(waiting);
        keeper.renewing = Optional.of(threads.start("lease", keeper::renew));
        return keeper;
    }

    private void await(Consumer<String> waiting) throws InterruptedException {
        String told = "";
        Set<String> dead = new HashSet<>();
        while (true) {
            List<ShardLeaseHolder> others = StartRetry.withRedis(() -> attempt(dead));
            if (others.isEmpty()) {
                LOG.write(AppLogEvents.LEASE_ACQUIRED, life.toSeconds());
                return;
            }
            List<ShardLeaseHolder> ended = others.stream().filter(ProcessIdentity::isDead).toList();
            if (ended.size() == others.size()) {
                ended.forEach(other -> dead.add(other.instance()));
                continue;
            }
            String why = describe(others);
            if (!why.equals(told)) {
                LOG.write(AppLogEvents.LEASE_WAITING, why);
                told = why;
            }
            waiting.accept(why);
            Thread.sleep(pause());
        }
    }

    /**
     * Takes or renews the lease. Its lifetime counts from before the request, so it is never
     * overestimated.
     */
    private List<ShardLeaseHolder> attempt(Set<String> dead) {
        long before = System.nanoTime();
        List<ShardLeaseHolder> others = lease.take(dead);
        if (others.isEmpty()) {
            heldUntilNanos = before + life.toNanos();
        }
        return others;
    }

    private void renew(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.expectWithin(pause());
            Thread.sleep(pause());
            try {
                List<ShardLeaseHolder> others = attempt(Set.of());
                if (!others.isEmpty()) {
                    heldUntilNanos = System.nanoTime();
                    lost.accept(
                            new StartFailure(
                                    ExitCode.FAILED,
                                    "this process was away for too long and lost its shards: "
                                            + describe(others)));
                    return;
                }
            } catch (RedisUnavailableException _) {
                // the Redis client logs the outage; no other process can take the lease meanwhile
            }
        }
    }

    /** Returns the pause between two renewals. Four of five may fail. */
    private Duration pause() {
        return Duration.ofNanos(life.toNanos() / 5);
    }

    /** Returns whether no other process can have the shards. Any thread may call it. */
    boolean held() {
        return heldUntilNanos - System.nanoTime() > 0;
    }

    private static String describe(List<ShardLeaseHolder> others) {
        ShardLeaseHolder first = others.getFirst();
        return "shards "
                + first.firstShard()
                + " to "
                + first.lastShard()
                + " of "
                + first.shardsTotal()
                + " are held by process "
                + first.pid()
                + " on "
                + first.host()
                + (others.size() > 1 ? " and " + (others.size() - 1) + " more" : "");
    }

    /** Releases the lease, so that the next process need not wait until it expires. */
    @Override
    public void close() {
        try {
            if (renewing.isPresent()) {
                renewing.get().stop();
                renewing.get().join();
            }
            if (held()) {
                lease.release();
            }
        } catch (RedisUnavailableException _) {
            // the lease expires
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
