package loom.dispatch.broker;

import java.time.Duration;
import java.util.List;

/**
 * What a look at RabbitMQ finds; nothing there is changed by it.
 *
 * @param server name and version, as the server tells them
 * @param endpoint the one that answered
 * @param silent endpoints before it that did not, each with the reason
 * @param roundTrip the fastest of a few questions
 * @param parts the exchange and the queues that a start declares
 */
public record BrokerInspection(
        String server,
        Endpoint endpoint,
        List<String> silent,
        Duration roundTrip,
        List<Part> parts) {

    /** Refuses nulls. */
    public BrokerInspection {
        silent = List.copyOf(silent);
        parts = List.copyOf(parts);
    }

    /**
     * The exchange or a queue.
     *
     * @param name as in {@code queue gateway.send}
     */
    public record Part(String name, Found found) {}

    /** How a part was found. */
    public sealed interface Found {
        /** It is not there; a start makes it. */
        record Missing() implements Found {}

        /**
         * It is as a start declares it, and may be used as the service uses it.
         *
         * @param messages that wait in a queue, 0 for the exchange
         * @param consumers that read a queue, 0 for the exchange
         */
        record Fit(long messages, long consumers) implements Found {}

        /** A start would be refused; the text says why, and what to do. */
        record Unfit(String explanation) implements Found {}
    }
}
