package loom.dispatch.broker.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;

import loom.dispatch.broker.BrokerConfig;
import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.broker.connection.BrokerCounters;
import loom.dispatch.broker.connection.ChannelUser;
import loom.dispatch.broker.connection.ConnectionFailure;
import loom.dispatch.broker.connection.RabbitConnection;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Publishes the events of one shard with confirms: carries out what the {@link LaneMachine}
 * decides.
 *
 * <p><b>Threads.</b> The shard's dispatch thread, or a spool's replay thread in its place, calls
 * {@link #publish} and {@link #offer}. The connection's supervisor attaches and detaches. The
 * connection's reading thread delivers confirms.
 *
 * <p>The lock guards the state and the window. No thread holds it during I/O: a confirm must not
 * wait for a publisher that is blocked in a socket write, because the confirm is what frees that
 * publisher.
 */
public final class ConfirmedPublisher implements PublishingLane, ChannelUser {
    private final int shard;
    private final EventPublisher events;
    private final BrokerCounters counters;
    private final RabbitConnection connection;
    private final SettlementNotifier settlement;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private final LaneBookkeeping lane;
    // The supervisor writes it while no dispatch thread writes; see LaneMachine.
    private Optional<Channel> channel = Optional.empty();

    public ConfirmedPublisher(
            int shard,
            SettlementListener listener,
            BrokerConfig config,
            BrokerCounters counters,
            InFlightQuota quota,
            RabbitConnection connection) {
        this.shard = shard;
        this.events = new EventPublisher(config);
        this.counters = counters;
        this.connection = connection;
        this.settlement = new SettlementNotifier(listener);
        this.lane =
                new LaneBookkeeping(
                        shard,
                        new LaneMachine(events.mustBeRouted()),
                        new UnconfirmedWindow(config.windowMessages(), config.windowBytes()),
                        quota,
                        counters);
    }

    @Override
    public int shard() {
        return shard;
    }

    @Override
    public String name() {
        return "shard-" + shard;
    }

    @Override
    public void publish(List<? extends LaneItem> batch) throws InterruptedException {
        List<? extends LaneItem> rest = batch;
        while (!rest.isEmpty()) {
            rest = rest.subList(offer(rest, Long.MAX_VALUE), rest.size());
        }
    }

    /**
     * Takes the first items of a batch, as many as the window has room for, and writes them. Waits
     * until it can take one. Throws as {@link #publish} does.
     *
     * @param nanos the longest time to wait
     * @return the number of items taken; 0 if the time is over
     */
    public int offer(List<? extends LaneItem> batch, long nanos) throws InterruptedException {
        LaneStep step;
        int taken;
        long settled;
        long leftNanos = nanos;
        lock.lockInterruptibly();
        try {
            step = lane.offer(batch);
            taken = appended(step);
            while (taken == 0 && leftNanos > 0 && step.actions().isEmpty()) {
                leftNanos = changed.awaitNanos(leftNanos);
                step = lane.offer(batch);
                taken = appended(step);
            }
            settled = lane.window().settled();
        } finally {
            lock.unlock();
        }
        settlement.announce(settled);
        perform(step);
        return taken;
    }

    private static int appended(LaneStep step) {
        int items = 0;
        for (LaneAction action : step.actions()) {
            if (action instanceof LaneAction.Append(var appended)) {
                items += appended.size();
            }
        }
        return items;
    }

    /** Any thread. */
    private LaneStep handle(LaneEvent event) {
        LaneStep step;
        lock.lock();
        try {
            step = decide(event);
        } finally {
            lock.unlock();
        }
        perform(step);
        return step;
    }

    /** Under the lock. */
    private LaneStep decide(LaneEvent event) {
        LaneStep step = lane.handle(event);
        changed.signalAll();
        return step;
    }

    /** Without the lock. */
    private void perform(LaneStep step) {
        for (LaneAction action : step.actions()) {
            switch (action) {
                case LaneAction.Write(var epoch, var items) -> write(epoch, items);
                case LaneAction.RequestChannel(var reason) -> connection.channelLost(this, reason);
                case LaneAction.Reject _ -> throw new IllegalStateException("the broker is closed");
                // attach() carries it out, because it can fail
                case LaneAction.OpenAndResend _ -> {}
                case LaneAction.OfWindow _ -> {}
            }
        }
    }

    private void write(long epoch, List<? extends LaneItem> items) {
        try {
            events.write(channel.orElseThrow(), items);
        } catch (IOException | RuntimeException failure) {
            // The items are in the window; the supervisor writes them in the next epoch.
            handle(new LaneEvent.ChannelLost(epoch, ConnectionFailure.reasonOf(failure)));
        } finally {
            handle(new LaneEvent.WriteEnded());
        }
    }

    @Override
    public int attach(Connection connection) throws IOException {
        // RabbitMQ handles all frames of a channel before it answers the close. So the old
        // channel's messages cannot arrive between those of the new one.
        if (channel.isPresent()) {
            channel.get().abort();
        }
        for (LaneAction action : awaitAttach().actions()) {
            if (action instanceof LaneAction.OpenAndResend(var epoch)) {
                return openAndResend(connection, epoch);
            }
        }
        return 0;
    }

    /** Waits for the end of a write, without a limit: the loss of the channel ends the write. */
    private LaneStep awaitAttach() {
        lock.lock();
        try {
            LaneStep step = decide(new LaneEvent.AttachRequested());
            while (lane.state().dispatchThreadWrites()) {
                changed.awaitUninterruptibly();
                step = decide(new LaneEvent.AttachRequested());
            }
            return step;
        } finally {
            lock.unlock();
        }
    }

    private int openAndResend(Connection connection, long epoch) throws IOException {
        try {
            List<EventMessage> unconfirmed = unconfirmed();
            Channel opened = open(connection, epoch);
            channel = Optional.of(opened);
            events.write(opened, unconfirmed);
            counters.resent.add(unconfirmed.size());
            LaneState after = handle(new LaneEvent.Resent(epoch)).state();
            if (after.epoch() != epoch) {
                throw new IOException("the channel was lost during the resend");
            }
            return unconfirmed.size();
        } catch (IOException | RuntimeException failure) {
            handle(new LaneEvent.ChannelLost(epoch, ConnectionFailure.reasonOf(failure)));
            throw failure;
        }
    }

    private Channel open(Connection connection, long epoch) throws IOException {
        Channel opened = connection.createChannel();
        if (opened == null) {
            throw new IOException("no channel left on the connection");
        }
        opened.addShutdownListener(cause ->
                handle(new LaneEvent.ChannelLost(epoch, ConnectionFailure.reasonOf(cause))));
        opened.addReturnListener(returned -> {
            counters.returned.increment();
            handle(new LaneEvent.Returned(epoch, returned.getRoutingKey()));
        });
        opened.addConfirmListener(
                (tag, multiple) -> confirmed(new LaneEvent.Confirmed(epoch, tag, multiple)),
                (tag, _) -> {
                    counters.nacked.increment();
                    handle(new LaneEvent.Nacked(epoch, tag));
                });
        // confirmSelect() would make the client keep a sorted set of tags, beside the window
        opened.rpc(new AMQP.Confirm.Select.Builder().build());
        return opened;
    }

    private void confirmed(LaneEvent.Confirmed event) {
        long settled;
        lock.lock();
        try {
            decide(event);
            settled = lane.window().settled();
        } finally {
            lock.unlock();
        }
        settlement.announce(settled);
    }

    @Override
    public void detach() {
        handle(new LaneEvent.ConnectionLost());
    }

    @Override
    public void pause(boolean wanted) {
        handle(new LaneEvent.BlockedChanged(wanted));
    }

    @Override
    public void close() {
        handle(new LaneEvent.CloseRequested());
    }

    @Override
    public boolean attached() {
        return locked(() -> lane.state().isAttached());
    }

    @Override
    public boolean progressed() {
        return locked(() -> lane.window().progressed());
    }

    /** Returns the messages in flight, in order. The dispatch thread calls it. */
    public List<EventMessage> unconfirmed() {
        return locked(() -> lane.window().unconfirmed());
    }

    /** Returns the position of the first message in flight. */
    public Optional<Long> oldestPosition() {
        return locked(() -> lane.window().oldestPosition());
    }

    /** Returns the last position taken, {@link Long#MIN_VALUE} before the first. */
    public long lastPosition() {
        return locked(lane::lastPosition);
    }

    @Override
    public int inFlight() {
        return locked(() -> lane.window().inFlight());
    }

    public long inFlightBytes() {
        return locked(() -> lane.window().inFlightBytes());
    }

    private <T> T locked(Supplier<T> read) {
        lock.lock();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }
}
