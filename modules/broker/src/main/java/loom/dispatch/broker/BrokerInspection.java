package loom.dispatch.broker;

import java.time.Duration;
import java.util.List;

/**
 * The result of {@link Broker#inspect}, which checks RabbitMQ without changing it.
 *
 * @param server product name and version that the server reports
 * @param endpoint the endpoint that answered
 * @param unreachable earlier endpoints that did not answer, each with the reason
 * @param roundTrip the shortest of several round trips
 * @param parts the exchange and the queues that the service declares at its start
 */
public record BrokerInspection(
        String server,
        Endpoint endpoint,
        List<String> unreachable,
        Duration roundTrip,
        List<Part> parts) {

    /** Copies the lists. */
    public BrokerInspection {
        unreachable = List.copyOf(unreachable);
        parts = List.copyOf(parts);
    }

    /**
     * One inspected exchange or queue.
     *
     * @param name kind and name, for example {@code queue gateway.send}
     * @param found the result of the check
     */
    public record Part(String name, Found found) {}

    /** The result of checking an exchange or a queue. */
    public sealed interface Found {
        /** It does not exist; the service creates it at its start. */
        record Missing() implements Found {}

        /**
         * It exists with the expected arguments, and the user has the permissions that the service
         * needs.
         *
         * @param messages messages in the queue; 0 for the exchange
         * @param consumers consumers of the queue; 0 for the exchange
         */
        record Usable(long messages, long consumers) implements Found {}

        /** RabbitMQ would reject the service's start; the text names the reason and the remedy. */
        record Unusable(String explanation) implements Found {}
    }
}
