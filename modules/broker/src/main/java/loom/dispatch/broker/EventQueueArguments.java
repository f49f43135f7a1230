package loom.dispatch.broker;

import java.util.HashMap;
import java.util.Map;

/**
 * The arguments of {@code gateway.recv}. By default none, as existing installations have it: any
 * argument that differs from an existing queue makes RabbitMQ refuse the declaration.
 *
 * @param type queue type, or {@link Type#UNSET} for no argument
 * @param maxLength most messages, 0 for no limit
 * @param maxBytes most bytes of bodies, 0 for no limit
 * @param overflow what happens at a limit
 * @param deadLetterExchange where dropped and rejected messages go, empty for nowhere
 */
public record EventQueueArguments(
        Type type, long maxLength, long maxBytes, Overflow overflow, String deadLetterExchange) {

    /** {@code x-queue-type}. */
    public enum Type {
        /** The argument is left out. */
        UNSET,
        /** One node keeps it. */
        CLASSIC,
        /** Several nodes keep it, by agreement. */
        QUORUM,
        /** A log that consumers read again. */
        STREAM
    }

    /** {@code x-overflow}. */
    public enum Overflow {
        /** The oldest messages make room; the argument is left out, for this is the default. */
        DROP_HEAD,
        /**
         * New messages are refused with a nack. Their lane tries again with growing pauses, so that
         * events wait here and nothing is lost; the first arrivals at the limit may be out of
         * order.
         */
        REJECT_PUBLISH
    }

    /** No arguments at all. */
    public static final EventQueueArguments PLAIN =
            new EventQueueArguments(Type.UNSET, 0, 0, Overflow.DROP_HEAD, "");

    /** A type and no more. */
    public static EventQueueArguments of(Type type) {
        return new EventQueueArguments(type, 0, 0, Overflow.DROP_HEAD, "");
    }

    /** Refuses a negative limit, and what a stream has not. */
    public EventQueueArguments {
        if (maxLength < 0 || maxBytes < 0) {
            throw new IllegalArgumentException("a queue's limit is negative");
        }
        boolean beyondStreams =
                maxLength > 0
                        || overflow == Overflow.REJECT_PUBLISH
                        || !deadLetterExchange.isEmpty();
        if (type == Type.STREAM && beyondStreams) {
            throw new IllegalArgumentException(
                    "a stream has a limit of bytes only, refuses nothing and has no dead letters");
        }
    }

    public Map<String, Object> arguments() {
        Map<String, Object> arguments = new HashMap<>();
        switch (type) {
            case UNSET -> {
                // as the predecessor declared it
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
