package loom.dispatch.gateway;

import java.time.Duration;

/** What became of a frame that somebody wanted sent. */
public sealed interface SendOutcome {
    /** It has left the socket; or what it asked for was done without it. */
    record Sent() implements SendOutcome {}

    /** The shard had no session within the time that a frame waits for one. */
    record NotConnected() implements SendOutcome {}

    /**
     * A limit of Discord's forbids it for longer than it may wait.
     *
     * @param after how long from now until it would be allowed
     */
    record RateLimited(Duration after) implements SendOutcome {}

    /** Discord takes no frame of so many bytes. */
    record TooLarge(int bytes) implements SendOutcome {}

    /** Too much waits for the shard already. */
    record QueueFull() implements SendOutcome {}

    /** Its time was over before it could be sent. */
    record Expired() implements SendOutcome {}

    /**
     * Discord would close the connection on it.
     *
     * @param where the path in the frame, for example {@code d.status}
     * @param what is wrong there
     */
    record Malformed(String where, String what) implements SendOutcome {}
}
