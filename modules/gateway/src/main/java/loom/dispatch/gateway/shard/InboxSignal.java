package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.outbound.QueuedFrame;

import java.util.concurrent.CompletableFuture;

/** A message from another thread to a shard's thread. */
sealed interface InboxSignal {
    /** An event for the state machine. */
    record MachineInput(ShardEvent event) implements InboxSignal {}

    /** A part of a WebSocket message. */
    record Part(int epoch, byte[] bytes, boolean last) implements InboxSignal {}

    /** The frame that was being sent has been sent. */
    record Sent(int epoch) implements InboxSignal {}

    /** A worker's frame to be sent. */
    record Command(QueuedFrame frame) implements InboxSignal {}

    /** A worker requests a new connection and waits for the outcome. */
    record Reconnect(CompletableFuture<SendOutcome> outcome) implements InboxSignal {}

    /** The backlog has room again. */
    record BacklogRoom() implements InboxSignal {}

    /** The wake-up timer fired. */
    record TimerFired() implements InboxSignal {}
}
