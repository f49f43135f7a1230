package loom.dispatch.gateway;

import java.util.concurrent.CompletableFuture;

/** What arrives in a shard's inbox from other threads. */
sealed interface Signal {
    /** An event for the state machine. */
    record Happened(ShardEvent event) implements Signal {}

    /** A part of a WebSocket message. */
    record Part(int epoch, byte[] bytes, boolean last) implements Signal {}

    /** The payload that was being sent has left. */
    record Sent(int epoch) implements Signal {}

    /** A frame from outside that is to be sent. */
    record Command(Waiting frame) implements Signal {}

    /** Somebody asks for a fresh connection, and waits to hear that it was done. */
    record Reconnect(CompletableFuture<SendOutcome> outcome) implements Signal {}

    /** The backlog has room again. */
    record Room() implements Signal {}

    /** The time has come for something of the shard's own. */
    record Alarmed() implements Signal {}
}
