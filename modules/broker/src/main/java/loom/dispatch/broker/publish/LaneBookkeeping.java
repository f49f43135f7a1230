package loom.dispatch.broker.publish;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.LaneItem;
import loom.dispatch.broker.SkippedEvent;
import loom.dispatch.broker.connection.BrokerCounters;

import java.util.List;

/**
 * The state of a lane and its window: applies the steps of the {@link LaneMachine} to both. Does no
 * I/O.
 *
 * <p>Not thread-safe: the lane's lock guards it.
 */
final class LaneBookkeeping {
    private final int shard;
    private final LaneMachine machine;
    private final UnconfirmedWindow window;
    private final InFlightQuota quota;
    private final BrokerCounters counters;
    private LaneState state = new LaneState.Detached(0, false);
    private long lastPosition = Long.MIN_VALUE;

    LaneBookkeeping(
            int shard,
            LaneMachine machine,
            UnconfirmedWindow window,
            InFlightQuota quota,
            BrokerCounters counters) {
        this.shard = shard;
        this.machine = machine;
        this.window = window;
        this.quota = quota;
        this.counters = counters;
    }

    LaneState state() {
        return state;
    }

    UnconfirmedWindow window() {
        return window;
    }

    /** Returns the last position taken, {@link Long#MIN_VALUE} before the first. */
    long lastPosition() {
        return lastPosition;
    }

    /** Offers the first items of a batch, as many as there is room for. */
    LaneStep offer(List<? extends LaneItem> batch) {
        boolean joins = window.inFlight() == 0;
        int messages = window.inFlight();
        long bytes = window.inFlightBytes();
        int items = 0;
        int skips = 0;
        long position = lastPosition;
        for (LaneItem next : batch) {
            position = requireAscending(position, next.position());
            if (next instanceof EventMessage message) {
                if (!window.hasRoom(messages, bytes, message.sizeBytes())
                        || !quota.admits(messages, bytes, joins)) {
                    break;
                }
                messages++;
                bytes += message.sizeBytes();
            } else if (items == skips) {
                skips++;
            }
            items++;
        }
        return handle(new LaneEvent.Offered(batch.subList(0, items), skips));
    }

    private long requireAscending(long before, long next) {
        if (next <= before) {
            throw new IllegalArgumentException(
                    "position " + next + " of shard " + shard + " follows " + before);
        }
        return next;
    }

    /** Takes the step of an event. The caller performs the actions that are I/O. */
    LaneStep handle(LaneEvent event) {
        LaneStep step = machine.step(state, event);
        state = step.state();
        for (LaneAction action : step.actions()) {
            if (action instanceof LaneAction.OfWindow change) {
                apply(change);
            }
        }
        return step;
    }

    private void apply(LaneAction.OfWindow change) {
        switch (change) {
            case LaneAction.Append(var items) -> items.forEach(this::append);
            case LaneAction.RestartTags _ -> window.restart();
            case LaneAction.Confirm(var tag, var multiple) -> confirm(tag, multiple);
        }
    }

    private void append(LaneItem item) {
        lastPosition = item.position();
        switch (item) {
            case SkippedEvent skip -> {
                window.skip(skip.position());
                counters.skipped.increment();
            }
            case EventMessage message -> {
                if (window.inFlight() == 0) {
                    quota.join();
                }
                window.append(message);
                counters.published.increment();
            }
        }
    }

    private void confirm(long tag, boolean multiple) {
        boolean busy = window.inFlight() > 0;
        counters.confirmed.add(window.confirm(tag, multiple));
        if (busy && window.inFlight() == 0) {
            quota.leave();
        }
    }
}
