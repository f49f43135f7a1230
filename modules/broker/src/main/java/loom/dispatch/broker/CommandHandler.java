package loom.dispatch.broker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Carries out the commands that workers send for the shards of this process. */
@FunctionalInterface
public interface CommandHandler {

    /**
     * Starts a command for a shard of this process. One thread at a time calls it. It must not
     * block.
     *
     * <p>The consumer acknowledges the command when the stage completes, on any thread. If the
     * stage fails, the consumer moves the command to the queue of rejected commands.
     */
    CompletionStage<CommandResult> handle(Command command, Context context);

    /**
     * The AMQP properties of a command.
     *
     * @param priority AMQP priority, 0 if absent; a higher priority goes first
     * @param expires the time left until the command expires; empty without an expiration. It
     *     starts with the delivery from {@code gateway.send}; RabbitMQ itself expires the message
     *     while it waits in that queue
     * @param correlationId the sender's correlation id, or the empty string
     */
    record Context(int priority, Optional<Duration> expires, String correlationId) {}
}
