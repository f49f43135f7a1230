package loom.dispatch.broker;

/**
 * An item that the dispatch thread hands to a lane: a message, or a position without a message.
 *
 * <p>The caller numbers the items; positions must be strictly ascending within a lane. The lane
 * reports them to the {@link SettlementListener}, in order.
 */
public sealed interface LaneItem permits EventMessage, SkippedEvent {

    /** The caller's number of this event; greater than the previous position of the lane. */
    long position();
}
