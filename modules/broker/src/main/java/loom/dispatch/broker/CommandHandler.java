package loom.dispatch.broker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Does what workers ask. */
@FunctionalInterface
public interface CommandHandler {

    /**
     * Takes a command for a shard of this process. Called by one thread at a time; must not block.
     * The command is acknowledged when the stage completes, by any thread; a stage that fails puts
     * the command among the rejected ones.
     */
    CompletionStage<CommandResult> handle(Command command, Context context);

    /**
     * How a command was sent.
     *
     * @param priority AMQP priority, 0 if none; greater is sooner
     * @param expires how much longer it is wanted, empty if it does not say. Counted from its
     *     delivery out of {@code gateway.send}: what it waited there is spent by RabbitMQ's own
     *     clock
     * @param correlationId the sender's number of the request, or the empty string
     */
    record Context(int priority, Optional<Duration> expires, String correlationId) {}
}
