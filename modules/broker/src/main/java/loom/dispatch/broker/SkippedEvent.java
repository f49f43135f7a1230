package loom.dispatch.broker;

/**
 * A position that is settled without a message, once everything before it is: a filtered event.
 *
 * @param position the caller's number of the event
 */
public record SkippedEvent(long position) implements LaneItem {}
