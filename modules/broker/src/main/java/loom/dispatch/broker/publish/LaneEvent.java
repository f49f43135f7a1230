package loom.dispatch.broker.publish;

import loom.dispatch.broker.LaneItem;

import java.util.List;

/** What happens to a lane. */
sealed interface LaneEvent {

    /**
     * The dispatch thread offers items.
     *
     * @param fitting the first items of its batch, as many as the window has room for
     * @param skips how many skipped events precede the first message
     */
    record Offered(List<? extends LaneItem> fitting, int skips) implements LaneEvent {}

    /** The dispatch thread returned from its write, with or without success. */
    record WriteEnded() implements LaneEvent {}

    /** The supervisor wants to open a channel. */
    record AttachRequested() implements LaneEvent {}

    /** The supervisor reports that the connection is lost. */
    record ConnectionLost() implements LaneEvent {}

    /** RabbitMQ blocks the connection because of a memory or disk alarm, or ends that. */
    record BlockedChanged(boolean blocked) implements LaneEvent {}

    /** The broker closes. */
    record CloseRequested() implements LaneEvent {}

    /** An event of one channel. */
    sealed interface OfChannel extends LaneEvent {
        long epoch();
    }

    /** The supervisor has written all unconfirmed messages to the channel. */
    record Resent(long epoch) implements OfChannel {}

    /** The channel is closed, or a write to it failed. */
    record ChannelLost(long epoch, String reason) implements OfChannel {}

    /** RabbitMQ confirmed a publish tag. */
    record Confirmed(long epoch, long tag, boolean multiple) implements OfChannel {}

    /** RabbitMQ rejected a publish tag. */
    record Nacked(long epoch, long tag) implements OfChannel {}

    /** RabbitMQ returned a message because no queue is bound for it. */
    record Returned(long epoch, String routingKey) implements OfChannel {}
}
