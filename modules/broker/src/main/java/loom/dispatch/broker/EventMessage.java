package loom.dispatch.broker;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One event on its way to the exchange.
 *
 * <p>What RabbitMQ's client would refuse in the middle of a write is refused here, so that a
 * message that was once accepted by a lane can always be written.
 *
 * @param position the caller's number of the event, strictly growing within its lane
 * @param routingKey name of the event; also the AMQP property {@code type}; at most 255 bytes
 * @param body the JSON text, owned by the lane from now on: the caller changes it no more
 * @param messageId AMQP {@code message-id}, the same each time this event is published; at most 255
 *     bytes
 * @param timestampMillis when the event was received, milliseconds since 1970; AMQP {@code
 *     timestamp} in seconds and the header {@code timestamp_in_ms}
 * @param origin where it came from
 */
public record EventMessage(
        long position,
        String routingKey,
        byte[] body,
        String messageId,
        long timestampMillis,
        EventOrigin origin)
        implements LaneItem {

    /** AMQP 0-9-1 writes these texts with one byte of length. */
    private static final int SHORT_STRING_BYTES = 255;

    /** Refuses texts that do not fit into AMQP's short strings. */
    public EventMessage {
        requireShort("routing key", routingKey);
        requireShort("message id", messageId);
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(origin, "origin");
    }

    /** The same at another position. */
    public EventMessage at(long otherPosition) {
        return new EventMessage(
                otherPosition, routingKey, body, messageId, timestampMillis, origin);
    }

    private static void requireShort(String what, String text) {
        // A char takes at most three bytes in UTF-8: most texts need no encoding to be judged.
        if (text.length() * 3 > SHORT_STRING_BYTES
                && text.getBytes(StandardCharsets.UTF_8).length > SHORT_STRING_BYTES) {
            throw new IllegalArgumentException(what + " is longer than 255 bytes");
        }
    }

    /** What this message counts in a lane's window, in bytes. */
    public int sizeBytes() {
        return body.length;
    }
}
