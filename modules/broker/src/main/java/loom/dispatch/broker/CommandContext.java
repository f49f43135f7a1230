package loom.dispatch.broker;

import java.time.Duration;
import java.util.Optional;

/**
 * How a command was sent.
 *
 * @param priority AMQP priority, 0 if none; greater is sooner
 * @param expires how much longer it is wanted, empty if it does not say. Counted from its delivery
 *     out of {@code gateway.send}: what it waited there is spent by RabbitMQ's own clock
 * @param correlationId the sender's number of the request, or the empty string
 */
public record CommandContext(int priority, Optional<Duration> expires, String correlationId) {}
