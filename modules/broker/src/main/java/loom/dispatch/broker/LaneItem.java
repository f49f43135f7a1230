package loom.dispatch.broker;

/**
 * What a lane takes from its dispatch thread: a message, or a position that needs none.
 *
 * <p>Positions grow strictly within a lane. They are the caller's own numbers; the lane only hands
 * them back, in order, as {@linkplain SettlementListener settled}.
 */
public sealed interface LaneItem permits EventMessage, SkippedEvent {

    /** The caller's number of this event, greater than that of the one before it in the lane. */
    long position();
}
