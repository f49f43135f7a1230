package loom.dispatch.broker.publish;

/**
 * The state of a lane's channel, and which thread may write to it.
 *
 * <p>An epoch is the life of one channel. It grows when the supervisor opens a channel and when the
 * lane loses one, so that an event of a lost channel never has the current epoch.
 */
sealed interface LaneState {
    long epoch();

    /** Returns whether the lane has a channel for the dispatch thread. */
    default boolean isAttached() {
        return this instanceof Attached || this instanceof Writing;
    }

    /** Returns whether the dispatch thread is inside a write. */
    default boolean dispatchThreadWrites() {
        return this instanceof Writing || this instanceof WriteUnfinished;
    }

    /** A channel exists, so that its events count. */
    sealed interface WithChannel extends LaneState {}

    /** No channel, and no thread writes. */
    record Detached(long epoch, boolean blocked) implements LaneState {}

    /** No channel, and the dispatch thread has not yet left its write to the lost one. */
    record WriteUnfinished(long epoch, boolean blocked) implements LaneState {}

    /** The supervisor opens a channel and writes the unconfirmed messages to it. */
    record Resending(long epoch, boolean blocked) implements WithChannel {}

    /** The dispatch thread may write, unless RabbitMQ blocks the connection. */
    record Attached(long epoch, boolean blocked) implements WithChannel {}

    /** The dispatch thread writes. */
    record Writing(long epoch, boolean blocked) implements WithChannel {}

    /** Final. No further write starts; confirms of the last channel still count. */
    record Closed(long epoch) implements WithChannel {}
}
