package loom.dispatch.app.pipeline;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.process.StartRetry;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.SessionStore;
import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.Session;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Writes the settled checkpoints to Redis every second, and at once when a shard has a new session:
 * a session that was never saved cannot be resumed.
 *
 * <p>Owner of the record of saved checkpoints: the thread that runs {@link #run}, and after it the
 * caller of {@link #saveAll}.
 */
public final class CheckpointWriter implements SupervisedLoop {
    private static final EventLog LOG = new EventLog("loom.dispatch.checkpoints");
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final SessionStore store;
    private final BooleanSupplier ours;
    private final Supplier<Map<Integer, Checkpoint>> settled;
    private final Supplier<Runnable> beforeSave;
    private final Semaphore urgent = new Semaphore(0);
    private final Map<Integer, Checkpoint> saved;

    /**
     * Creates the writer before the gateway starts.
     *
     * @param ours returns whether this process still holds the shards; otherwise another process
     *     writes their checkpoints
     * @param settled returns the shards' present checkpoints
     * @param loaded the checkpoints that the last run saved
     * @param beforeSave is called before each save and returns what to do after it
     */
    public CheckpointWriter(
            SessionStore store,
            BooleanSupplier ours,
            Supplier<Map<Integer, Checkpoint>> settled,
            Map<Integer, Checkpoint> loaded,
            Supplier<Runnable> beforeSave) {
        this.store = store;
        this.ours = ours;
        this.settled = settled;
        this.beforeSave = beforeSave;
        this.saved = new HashMap<>(loaded);
    }

    /** Converts the sessions of the last run to checkpoints, by shard. */
    public static Map<Integer, Checkpoint> load(Map<Integer, SessionStore.StoredSession> stored) {
        Map<Integer, Checkpoint> loaded = new HashMap<>();
        stored.forEach((shard, session) ->
                loaded.put(
                        shard,
                        new Checkpoint(
                                session.resumeUrl()
                                        .map(URI::create)
                                        .map(url -> Session.of(session.sessionId(), url))
                                        .orElseGet(() -> Session.withoutUrl(session.sessionId())),
                                session.sequence())));
        return loaded;
    }

    /** Requests a save at once. Any thread may call it. */
    public void hurry() {
        urgent.release();
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.expectWithin(INTERVAL);
            urgent.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            urgent.drainPermits();
            try {
                save();
            } catch (RedisUnavailableException e) {
                LOG.write(AppLogEvents.CHECKPOINTS_NOT_SAVED, e.getMessage());
                Thread.sleep(INTERVAL);
            }
        }
    }

    /**
     * Saves the checkpoints that have changed. Returns false if this process does not hold the
     * shards now.
     */
    private boolean save() {
        if (!ours.getAsBoolean()) {
            return false;
        }
        List<SessionStore.StoredSession> changed = new ArrayList<>();
        Map<Integer, Checkpoint> changes = new HashMap<>();
        Runnable afterSave = beforeSave.get();
        settled.get()
                .forEach((shard, now) -> {
                    if (!now.equals(saved.get(shard))) {
                        changes.put(shard, now);
                        changed.add(stored(shard, now));
                    }
                });
        if (!changed.isEmpty()) {
            store.save(changed);
            saved.putAll(changes);
        }
        afterSave.run();
        return true;
    }

    /**
     * Saves at the end of a drain, and repeats until the deadline. Returns whether it succeeded.
     */
    public boolean saveAll(long deadlineNanos) throws InterruptedException {
        var patience = new StartRetry();
        while (true) {
            String reason = "the lease of the shards is not renewed";
            try {
                if (save()) {
                    return true;
                }
            } catch (RedisUnavailableException e) {
                reason = e.getMessage();
            }
            LOG.write(AppLogEvents.CHECKPOINTS_NOT_SAVED, reason);
            Duration pause = patience.next(Duration.ZERO);
            if (System.nanoTime() + pause.toNanos() > deadlineNanos) {
                return false;
            }
            Thread.sleep(pause);
        }
    }

    private static SessionStore.StoredSession stored(int shard, Checkpoint checkpoint) {
        return new SessionStore.StoredSession(
                shard,
                checkpoint.session().id(),
                checkpoint.session().resumeUrl().map(URI::toString),
                checkpoint.sequence());
    }
}
