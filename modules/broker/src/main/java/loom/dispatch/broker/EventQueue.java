package loom.dispatch.broker;

import java.util.HashMap;
import java.util.Map;

/**
 * The arguments of {@code gateway.recv}. By default none, as existing installations have it: any
 * argument that differs from an existing queue makes RabbitMQ refuse the declaration.
 *
 * @param type queue type, or {@link Type#UNSET} for no argument
 * @param maxLength most messages, 0 for no limit; the oldest are dropped beyond it
 * @param deadLetterExchange where dropped and rejected messages go, empty for nowhere
 */
public record EventQueue(Type type, long maxLength, String deadLetterExchange) {

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

    /** No arguments at all. */
    public static final EventQueue PLAIN = new EventQueue(Type.UNSET, 0, "");

    /** Refuses a negative limit, and what a stream has not. */
    public EventQueue {
        if (maxLength < 0) {
            throw new IllegalArgumentException("queue length " + maxLength + " is negative");
        }
        if (type == Type.STREAM && (maxLength > 0 || !deadLetterExchange.isEmpty())) {
            throw new IllegalArgumentException(
                    "a stream has no limit of messages and no dead letters");
        }
    }

    Map<String, Object> arguments() {
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
        if (!deadLetterExchange.isEmpty()) {
            arguments.put("x-dead-letter-exchange", deadLetterExchange);
        }
        return Map.copyOf(arguments);
    }
}
