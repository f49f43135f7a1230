package loom.dispatch.broker.publish;

import loom.dispatch.broker.LaneItem;

import java.util.List;

/** What the publisher does after a step. */
sealed interface LaneAction {

    /** A change of the window. It takes effect together with the state, under the same lock. */
    sealed interface OfWindow extends LaneAction {}

    /** Appends the items to the window. */
    record Append(List<? extends LaneItem> items) implements OfWindow {}

    /** Starts an epoch: the first unconfirmed message gets publish tag 1. */
    record RestartTags() implements OfWindow {}

    /** Marks messages as confirmed. */
    record Confirm(long tag, boolean multiple) implements OfWindow {}

    /** Input or output, without the lock. */
    sealed interface Io extends LaneAction {}

    /** The dispatch thread writes the messages of the items. */
    record Write(long epoch, List<? extends LaneItem> items) implements Io {}

    /** The supervisor opens a channel and writes all unconfirmed messages to it. */
    record OpenAndResend(long epoch) implements Io {}

    /** Asks the supervisor for a new channel. */
    record RequestChannel(String reason) implements Io {}

    /** Throws an {@link IllegalStateException} on the dispatch thread. */
    record Reject() implements Io {}
}
