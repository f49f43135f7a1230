package loom.dispatch.gateway;

import java.time.Duration;

/** The outcome of a frame that a worker asked a shard to send. */
public sealed interface SendOutcome {
    /** The frame was written to the socket, or its effect was reached without it. */
    record Sent() implements SendOutcome {}

    /** The shard had no session during the time that a frame may wait for one. */
    record NotConnected() implements SendOutcome {}

    /**
     * One of Discord's limits forbids the frame for longer than the frame may wait.
     *
     * @param after the time until the limit would allow the frame
     */
    record RateLimited(Duration after) implements SendOutcome {}

    /** The frame has more bytes than Discord accepts. */
    record TooLarge(int bytes) implements SendOutcome {}

    /** The shard's queue is full. */
    record QueueFull() implements SendOutcome {}

    /** The frame expired before it could be sent. */
    record Expired() implements SendOutcome {}

    /**
     * Discord would close the connection because of the frame.
     *
     * @param where the path in the frame, for example {@code d.status}
     * @param what the problem at this path
     */
    record Malformed(String where, String what) implements SendOutcome {}
}
