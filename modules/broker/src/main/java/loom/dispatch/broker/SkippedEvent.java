package loom.dispatch.broker;

/**
 * A filtered event. The lane publishes nothing and settles the position after all earlier ones.
 *
 * @param position the caller's number of the event
 */
public record SkippedEvent(long position) implements LaneItem {}
