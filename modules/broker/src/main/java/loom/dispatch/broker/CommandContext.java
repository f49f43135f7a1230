package loom.dispatch.broker;

/**
 * How a command was sent.
 *
 * @param priority AMQP priority, 0 if none; greater is sooner
 * @param expiresAtNanos by {@link System#nanoTime}, when it is no longer wanted; {@link
 *     Long#MAX_VALUE} if never. Counted from the delivery: what it waited in the queue is spent
 *     there by RabbitMQ's own clock
 * @param correlationId the sender's number of the request, or the empty string
 */
public record CommandContext(int priority, long expiresAtNanos, String correlationId) {}
