package loom.dispatch.broker;

import java.util.HashMap;
import java.util.Map;

/**
 * The arguments of the queue {@code gateway.recv}.
 *
 * <p>The default is no arguments, as in existing installations. RabbitMQ rejects a declaration
 * whose arguments differ from those of the existing queue.
 *
 * @param type queue type; {@link Type#UNSET} omits the argument
 * @param maxLength maximum number of messages; 0 means no limit
 * @param maxBytes maximum bytes of all bodies; 0 means no limit
 * @param overflow behaviour at a limit
 * @param deadLetterExchange exchange for dropped and rejected messages; empty for none
 */
public record EventQueueArguments(
        Type type, long maxLength, long maxBytes, Overflow overflow, String deadLetterExchange) {

    /** {@code x-queue-type}. */
    public enum Type {
        /** Omits the argument. */
        UNSET,
        /** One node stores the queue. */
        CLASSIC,
        /** Several nodes replicate the queue. */
        QUORUM,
        /** An append-only log that consumers can read repeatedly. */
        STREAM
    }

    /** {@code x-overflow}. */
    public enum Overflow {
        /** RabbitMQ drops the oldest messages. This is its default, so the argument is omitted. */
        DROP_HEAD,
        /**
         * RabbitMQ rejects new messages with a nack. The lane publishes them again with back-off,
         * so that no event is lost. Events may arrive out of order while the queue is at its limit.
         */
        REJECT_PUBLISH
    }

    /** No arguments. */
    public static final EventQueueArguments PLAIN =
            new EventQueueArguments(Type.UNSET, 0, 0, Overflow.DROP_HEAD, "");

    /** Returns arguments with a queue type only. */
    public static EventQueueArguments of(Type type) {
        return new EventQueueArguments(type, 0, 0, Overflow.DROP_HEAD, "");
    }

    /** Rejects negative limits, and arguments that a stream does not support. */
    public EventQueueArguments {
        if (maxLength < 0 || maxBytes < 0) {
            throw new IllegalArgumentException("a limit of the queue is negative");
        }
        boolean beyondStreams =
                maxLength > 0
                        || overflow == Overflow.REJECT_PUBLISH
                        || !deadLetterExchange.isEmpty();
        if (type == Type.STREAM && beyondStreams) {
            throw new IllegalArgumentException(
                    "a stream supports only a limit of bytes: no limit of messages, no"
                            + " reject-publish and no dead-letter exchange");
        }
    }

    public Map<String, Object> arguments() {
        Map<String, Object> arguments = new HashMap<>();
        switch (type) {
            case UNSET -> {
                // twilight-dispatch declares the queue without this argument
            }
            case CLASSIC -> arguments.put("x-queue-type", "classic");
            case QUORUM -> arguments.put("x-queue-type", "quorum");
            case STREAM -> arguments.put("x-queue-type", "stream");
        }
        if (maxLength > 0) {
            arguments.put("x-max-length", maxLength);
        }
        if (maxBytes > 0) {
            arguments.put("x-max-length-bytes", maxBytes);
        }
        if (overflow == Overflow.REJECT_PUBLISH) {
            arguments.put("x-overflow", "reject-publish");
        }
        if (!deadLetterExchange.isEmpty()) {
            arguments.put("x-dead-letter-exchange", deadLetterExchange);
        }
        return Map.copyOf(arguments);
    }
}
