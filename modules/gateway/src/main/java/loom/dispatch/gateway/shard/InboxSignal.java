package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.outbound.QueuedFrame;

import java.util.concurrent.CompletableFuture;

/** What arrives in a shard's inbox from other threads. */
sealed interface InboxSignal {
    /** An event for the state machine. */
    record Happened(ShardEvent event) implements InboxSignal {}

    /** A part of a WebSocket message. */
    record Part(int epoch, byte[] bytes, boolean last) implements InboxSignal {}

    /** The payload that was being sent has left. */
    record Sent(int epoch) implements InboxSignal {}

    /** A frame from outside that is to be sent. */
    record Command(QueuedFrame frame) implements InboxSignal {}

    /** Somebody asks for a fresh connection, and waits to hear that it was done. */
    record Reconnect(CompletableFuture<SendOutcome> outcome) implements InboxSignal {}

    /** The backlog has room again. */
    record Room() implements InboxSignal {}

    /** The time has come for something of the shard's own. */
    record Alarmed() implements InboxSignal {}
}
