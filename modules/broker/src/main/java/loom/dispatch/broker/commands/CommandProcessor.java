package loom.dispatch.broker.commands;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;

import loom.dispatch.broker.Command;
import loom.dispatch.broker.CommandHandler;
import loom.dispatch.broker.CommandResult;
import loom.dispatch.broker.LocalShards;
import loom.dispatch.broker.connection.BrokerCounters;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes one delivered command to its end: handled here, handed on, or refused; then answered.
 *
 * <p>Stateless but for what it is given; the stage it returns completes when the delivery may be
 * acknowledged, and never if the connection is lost before, because then it is delivered again.
 */
final class CommandProcessor {
    /** When a command that was handed on expires, milliseconds since 1970. */
    private static final String EXPIRES = "loom-expires";

    private final LocalShards shards;
    private final CommandHandler handler;
    private final BrokerCounters counters;

    CommandProcessor(LocalShards shards, CommandHandler handler, BrokerCounters counters) {
        this.shards = shards;
        this.handler = handler;
        this.counters = counters;
    }

    /** Called by the consumer's thread; completes on any. */
    CompletableFuture<Void> process(Delivery delivery, CommandReplyPublisher post) {
        return switch (CommandParser.read(delivery.getBody(), shards)) {
            case CommandParser.Reading.Refused(CommandResult reason) ->
                    conclude(delivery, post, reason);
            case CommandParser.Reading.Understood(List<Command> commands)
                    when commands.size() == 1 && !shards.owns(commands.getFirst().shard()) ->
                    // The owner answers.
                    handOn(delivery.getProperties(), post, commands.getFirst())
                            .thenCompose(result ->
                                    result instanceof CommandResult.Sent
                                            ? CompletableFuture.completedFuture(null)
                                            : conclude(delivery, post, result));
            case CommandParser.Reading.Understood(List<Command> commands) ->
                    dispatch(delivery, post, commands)
                            .thenCompose(result -> conclude(delivery, post, result));
        };
    }

    /** The first refusal of all shards concerned, or that it was sent. */
    private CompletableFuture<CommandResult> dispatch(
            Delivery delivery, CommandReplyPublisher post, List<Command> commands) {
        CommandHandler.Context context = context(delivery.getProperties());
        // One answer for all shards: from here, once each has it or its owner's queue does.
        AMQP.BasicProperties unanswered = delivery.getProperties().builder().replyTo(null).build();
        List<CompletableFuture<CommandResult>> parts = new ArrayList<>(commands.size());
        for (Command command : commands) {
            parts.add(
                    shards.owns(command.shard())
                            ? handle(command, context)
                            : handOn(unanswered, post, command));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(_ ->
                        parts.stream()
                                .map(CompletableFuture::join)
                                .filter(part -> !(part instanceof CommandResult.Sent))
                                .findFirst()
                                .orElseGet(CommandResult.Sent::new));
    }

    private CompletableFuture<CommandResult> handle(
            Command command, CommandHandler.Context context) {
        try {
            return handler.handle(command, context)
                    .toCompletableFuture()
                    .exceptionally(CommandProcessor::failed);
        } catch (RuntimeException fault) {
            return CompletableFuture.completedFuture(failed(fault));
        }
    }

    private static CommandResult failed(Throwable fault) {
        Throwable cause =
                fault instanceof CompletionException && fault.getCause() != null
                        ? fault.getCause()
                        : fault;
        return new CommandResult.Malformed("handler", String.valueOf(cause.getMessage()));
    }

    /** Counts as sent once the owner's queue has it. */
    private CompletableFuture<CommandResult> handOn(
            AMQP.BasicProperties properties, CommandReplyPublisher post, Command command) {
        ReplyMessage posting =
                new ReplyMessage(
                        CommandQueues.ofShard(command.shard()),
                        dated(properties),
                        CommandParser.write(command));
        post.post(posting);
        counters.commands.get("handed_on").increment();
        return posting.outcome()
                .thenApply(taken ->
                        taken
                                ? new CommandResult.Sent()
                                : new CommandResult.UnknownShard(command.shard()));
    }

    private CompletableFuture<Void> conclude(
            Delivery delivery, CommandReplyPublisher post, CommandResult result) {
        counters.commands.get(result.name()).increment();
        AMQP.BasicProperties asked = delivery.getProperties();
        if (asked.getReplyTo() != null && !asked.getReplyTo().isBlank()) {
            AMQP.BasicProperties answer =
                    new AMQP.BasicProperties.Builder()
                            .correlationId(asked.getCorrelationId())
                            .contentType("application/json")
                            .build();
            // Whether the sender still waits for it is its own affair.
            post.post(new ReplyMessage(asked.getReplyTo(), answer, CommandReply.json(result)));
        }
        if (result instanceof CommandResult.Sent) {
            return CompletableFuture.completedFuture(null);
        }
        ReplyMessage rejected =
                new ReplyMessage(CommandQueues.REJECTED, marked(asked, result), delivery.getBody());
        post.post(rejected);
        return rejected.outcome()
                .thenAccept(taken -> {
                    if (!taken) {
                        throw new IllegalStateException("no queue for rejected commands");
                    }
                });
    }

    private static AMQP.BasicProperties marked(AMQP.BasicProperties asked, CommandResult result) {
        Map<String, Object> headers = headers(asked);
        headers.put("rejected-reason", result.name());
        headers.put(
                "rejected-detail", new String(CommandReply.json(result), StandardCharsets.UTF_8));
        // Without its expiration: there it is kept for a person.
        return asked.builder().headers(headers).expiration(null).deliveryMode(2).build();
    }

    /**
     * On its way to another process a command keeps the moment at which it expires and not a time
     * from now; and RabbitMQ, which would drop it without an answer, does not see it.
     */
    private static AMQP.BasicProperties dated(AMQP.BasicProperties asked) {
        Map<String, Object> headers = headers(asked);
        expires(asked)
                .ifPresent(
                        left -> headers.put(EXPIRES, System.currentTimeMillis() + left.toMillis()));
        return asked.builder().headers(headers).expiration(null).deliveryMode(2).build();
    }

    private static Map<String, Object> headers(AMQP.BasicProperties asked) {
        return asked.getHeaders() == null ? new HashMap<>() : new HashMap<>(asked.getHeaders());
    }

    private static CommandHandler.Context context(AMQP.BasicProperties asked) {
        return new CommandHandler.Context(
                asked.getPriority() == null ? 0 : asked.getPriority(),
                expires(asked),
                asked.getCorrelationId() == null ? "" : asked.getCorrelationId());
    }

    private static Optional<Duration> expires(AMQP.BasicProperties asked) {
        if (headers(asked).get(EXPIRES) instanceof Long atMillis) {
            return Optional.of(
                    Duration.ofMillis(Math.max(0, atMillis - System.currentTimeMillis())));
        }
        String expiration = asked.getExpiration();
        return expiration != null && expiration.matches("\\d{1,12}")
                ? Optional.of(Duration.ofMillis(Long.parseLong(expiration)))
                : Optional.empty();
    }
}
