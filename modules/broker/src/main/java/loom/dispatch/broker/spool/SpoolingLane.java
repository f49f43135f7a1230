package loom.dispatch.broker.spool;

import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.broker.connection.BrokerEventNotifier;
import loom.dispatch.broker.publish.ConfirmedPublisher;
import loom.dispatch.broker.publish.SettlementNotifier;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A lane that writes events to disk while RabbitMQ accepts none and memory is short: carries out
 * what the {@link SpoolMachine} decides.
 *
 * <p>A spooled event only leaves {@linkplain SettlementListener#spooled memory}. It settles when
 * RabbitMQ confirms it, so that a saved checkpoint does not depend on the disk of this machine.
 */
public final class SpoolingLane implements PublishingLane {
    /** The time after which a waiting dispatch thread asks again whether memory is short. */
    private static final long MEMORY_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** The time between two writes to a disk that fails. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final ConfirmedPublisher publisher;
    private final Spool spool;
    private final SettlementListener listener;
    private final SettlementNotifier settlement;
    private final BrokerEventNotifier notifier;
    private final SupervisedThreads threads;
    private final SpoolAlarm writeAlarm;
    private final SpoolAlarm readAlarm;
    private final SpoolReplay replay;

    // Held during appends: both threads that take it wait for the disk in any case.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Written under the lock. Volatile for the metrics, which must not wait for a slow disk.
    private volatile SpoolState state = new SpoolState.Direct(0);
    // Owned by the dispatch thread.
    private Optional<Long> oldestAtLastIdle = Optional.empty();

    /**
     * @param publisher creates the publisher that reports to the given listener
     */
    public SpoolingLane(
            Function<SettlementListener, ConfirmedPublisher> publisher,
            Spool spool,
            SettlementListener listener,
            BrokerEventNotifier notifier,
            SupervisedThreads threads) {
        this.threads = threads;
        this.spool = spool;
        this.listener = listener;
        this.settlement = new SettlementNotifier(listener);
        this.notifier = notifier;
        this.publisher = publisher.apply(this::confirmed);
        this.writeAlarm = new SpoolAlarm(shard(), notifier);
        this.readAlarm = new SpoolAlarm(shard(), notifier);
        this.replay = new SpoolReplay(this.publisher::publish, spool, readAlarm, notifier);
    }

    /** Publishes first what an earlier process left in the spool. */
    public void start() {
        lock.lock();
        try {
            decide(new SpoolEvent.Started(spool.isEmpty()));
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the spool holds events that RabbitMQ has not confirmed. */
    public boolean isSpooling() {
        return switch (state) {
            case SpoolState.Direct _ -> false;
            case SpoolState.Spooling _ -> true;
            case SpoolState.Closed(var _, var spooling) -> spooling;
        };
    }

    /** Returns whether the spool cannot be written or read. */
    public boolean isAlarmed() {
        return writeAlarm.isOn() || readAlarm.isOn();
    }

    @Override
    public int shard() {
        return publisher.shard();
    }

    @Override
    public int inFlight() {
        return publisher.inFlight();
    }

    /** Called by the connection's reading thread. */
    private void confirmed(long position) {
        replay.confirmed(position);
        settlement.announce(position);
    }

    @Override
    public void publish(List<? extends LaneItem> batch) throws InterruptedException {
        List<? extends LaneItem> rest = batch;
        while (!rest.isEmpty()) {
            if (appended(new SpoolEvent.Offered(), rest)) {
                return;
            }
            int taken = publisher.offer(rest, MEMORY_CHECK_NANOS);
            rest = rest.subList(taken, rest.size());
            if (taken == 0 && appended(new SpoolEvent.WindowFull(listener.memoryIsShort()), rest)) {
                return;
            }
        }
    }

    @Override
    public void spoolIfMemoryIsShort() throws InterruptedException {
        Optional<Long> oldest = publisher.oldestPosition();
        boolean unconfirmed = oldest.isPresent() && oldest.equals(oldestAtLastIdle);
        oldestAtLastIdle = oldest;
        if (unconfirmed) {
            appended(new SpoolEvent.Idle(true, listener.memoryIsShort()), List.of());
        }
    }

    /** Returns whether the event had the effect that the rest of a batch is on disk. */
    private boolean appended(SpoolEvent event, List<? extends LaneItem> rest)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            List<SpoolAction> actions = decide(event);
            while (actions.contains(SpoolAction.APPEND)
                    || actions.contains(SpoolAction.APPEND_UNCONFIRMED_FIRST)) {
                actions = decide(append(actions.getFirst(), rest));
                if (actions.contains(SpoolAction.REPORT_SPOOLED)) {
                    return true;
                }
                if (rest.isEmpty()) {
                    return false;
                }
                changed.awaitNanos(RETRY_NANOS);
                actions = decide(new SpoolEvent.Offered());
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private SpoolEvent append(SpoolAction how, List<? extends LaneItem> rest) {
        Stream<EventMessage> before =
                how == SpoolAction.APPEND_UNCONFIRMED_FIRST
                        ? publisher.unconfirmed().stream()
                        : Stream.empty();
        Stream<EventMessage> batch =
                rest.stream().filter(EventMessage.class::isInstance).map(EventMessage.class::cast);
        List<EventMessage> messages = Stream.concat(before, batch).toList();
        try {
            if (!messages.isEmpty()) {
                spool.append(messages);
            }
        } catch (IOException failure) {
            writeAlarm.on(failure);
            return new SpoolEvent.AppendFailed();
        }
        writeAlarm.off();
        return new SpoolEvent.Appended(
                rest.isEmpty() ? publisher.lastPosition() : rest.getLast().position());
    }

    /** Under the lock: takes a step and performs the actions that do not depend on the caller. */
    private List<SpoolAction> decide(SpoolEvent event) {
        SpoolState before = state;
        SpoolStep step = SpoolMachine.step(before, event);
        state = step.state();
        for (SpoolAction action : step.actions()) {
            switch (action) {
                case START_REPLAY -> startReplay();
                case REPORT_SPOOLED -> reportSpooled(step.state());
                case FINISH_REPLAY -> finishReplay(before);
                case DELETE_FILES -> onDisk(spool::clear);
                case CLOSE_FILE -> onDisk(spool::close);
                case REJECT -> throw new IllegalStateException("the broker is closed");
                // the calling thread performs these
                case PUBLISH,
                        APPEND,
                        APPEND_UNCONFIRMED_FIRST,
                        RETRY_LATER,
                        REPLAY_NEXT,
                        ABANDON_REPLAY -> {}
            }
        }
        return step.actions();
    }

    private void reportSpooled(SpoolState now) {
        if (now instanceof SpoolState.Spooling(var _, var lastPosition)) {
            listener.spooled(lastPosition);
            replay.wake();
        }
    }

    private void startReplay() {
        notifier.announce(new BrokerEvent.Spooling(shard()));
        threads.start("spool-replay-" + shard(), this::replay);
    }

    private void finishReplay(SpoolState before) {
        writeAlarm.off();
        readAlarm.off();
        notifier.announce(new BrokerEvent.SpoolDrained(shard()));
        if (before instanceof SpoolState.Spooling(var _, var lastPosition)) {
            settlement.announce(lastPosition);
        }
        changed.signalAll();
    }

    private interface DiskTask {
        void run() throws IOException;
    }

    private void onDisk(DiskTask task) {
        try {
            task.run();
        } catch (IOException failure) {
            writeAlarm.on(failure);
        }
    }

    /** The replay thread: publishes from the first event on disk to the last, and then ends. */
    private void replay(ThreadPulse pulse) throws InterruptedException {
        long publishedBefore = publisher.lastPosition();
        try {
            while (replayRound().contains(SpoolAction.REPLAY_NEXT)) {
                // RabbitMQ may be unavailable for hours
                pulse.waiting();
                replay.publishNext(publishedBefore);
            }
        } catch (IllegalStateException failure) {
            // a closed publisher rejects events; the next process finds the rest on disk
            if (!(state instanceof SpoolState.Closed)) {
                throw failure;
            }
        }
    }

    private List<SpoolAction> replayRound() {
        lock.lock();
        try {
            return decide(new SpoolEvent.ReplayRound(replay.isDrained()));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Prepares the deletion of the files of a spool that is drained. Call it before taking the
     * checkpoints; run the result after the checkpoints are saved.
     */
    public Runnable afterSave() {
        lock.lock();
        try {
            int replays = state.replays();
            return isSpooling() || spool.isEmpty() ? () -> {} : () -> saved(replays);
        } finally {
            lock.unlock();
        }
    }

    private void saved(int replays) {
        lock.lock();
        try {
            decide(new SpoolEvent.CheckpointsSaved(replays));
        } finally {
            lock.unlock();
        }
    }

    /** Ends every wait. Call it before closing the publisher. What is on disk stays there. */
    public void close() {
        lock.lock();
        try {
            decide(new SpoolEvent.CloseRequested());
            changed.signalAll();
            replay.wake();
        } finally {
            lock.unlock();
        }
    }
}
