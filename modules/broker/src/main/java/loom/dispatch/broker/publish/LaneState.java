package loom.dispatch.broker.publish;

import com.rabbitmq.client.Channel;

/** Whether a lane's dispatch thread may write, and where to. */
sealed interface LaneState {

    /** The supervisor owns the lane: there is no channel, or it is being caught up. */
    record Detached() implements LaneState {}

    /** The dispatch thread writes to the channel of this epoch. */
    record Attached(Channel channel, long epoch) implements LaneState {}

    /** Nothing is written any more. */
    record Closed() implements LaneState {}
}
