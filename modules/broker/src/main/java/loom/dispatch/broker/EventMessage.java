package loom.dispatch.broker;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One event to publish.
 *
 * <p>The constructor rejects everything that RabbitMQ's client would reject during a write, so that
 * a lane can always write a message that it has accepted.
 *
 * @param position the caller's number of the event, strictly ascending within its lane
 * @param routingKey the event's name, also the AMQP property {@code type}; at most 255 bytes
 * @param body the JSON text; the lane owns the array, and the caller must not change it
 * @param messageId AMQP {@code message-id}, the same for each publish of this event; at most 255
 *     bytes
 * @param timestampMillis time of receipt in milliseconds since the Unix epoch; published as AMQP
 *     {@code timestamp} in seconds and as header {@code timestamp_in_ms}
 * @param origin the shard, session and sequence of the event
 */
public record EventMessage(
        long position,
        String routingKey,
        byte[] body,
        String messageId,
        long timestampMillis,
        EventOrigin origin)
        implements LaneItem {

    /** An AMQP 0-9-1 short string has a length of one byte. */
    private static final int SHORT_STRING_BYTES = 255;

    /** Rejects texts that do not fit into an AMQP short string. */
    public EventMessage {
        requireShort("routing key", routingKey);
        requireShort("message id", messageId);
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(origin, "origin");
    }

    /** Returns this message with another position. */
    public EventMessage withPosition(long otherPosition) {
        return new EventMessage(
                otherPosition, routingKey, body, messageId, timestampMillis, origin);
    }

    private static void requireShort(String what, String text) {
        // A char takes at most three bytes in UTF-8, so that short texts need no encoding.
        if (text.length() * 3 > SHORT_STRING_BYTES
                && text.getBytes(StandardCharsets.UTF_8).length > SHORT_STRING_BYTES) {
            throw new IllegalArgumentException(what + " is longer than 255 bytes");
        }
    }

    /** The bytes that this message adds to a lane's window. */
    public int sizeBytes() {
        return body.length;
    }
}
