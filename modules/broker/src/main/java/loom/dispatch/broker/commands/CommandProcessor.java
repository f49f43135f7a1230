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
 * Processes one delivered command: handles it, forwards it to the process of its shard, or rejects
 * it. Then replies to the sender.
 *
 * <p>Stateless. The returned future completes when the consumer may acknowledge the delivery. It
 * never completes if the connection is lost first; RabbitMQ then delivers the command again.
 */
final class CommandProcessor {
    /** The header with the expiry time of a forwarded command, in ms since the Unix epoch. */
    private static final String EXPIRES = "loom-expires";

    private final LocalShards shards;
    private final CommandHandler handler;
    private final BrokerCounters counters;

    CommandProcessor(LocalShards shards, CommandHandler handler, BrokerCounters counters) {
        this.shards = shards;
        this.handler = handler;
        this.counters = counters;
    }

    /** The consumer's thread calls it. Any thread may complete the result. */
    CompletableFuture<Void> process(Delivery delivery, CommandReplyPublisher replies) {
        return switch (CommandParser.parse(delivery.getBody(), shards)) {
            case CommandParser.Parsed.Rejected(CommandResult reason) ->
                    reply(delivery, replies, reason);
            case CommandParser.Parsed.Valid(List<Command> commands)
                    when commands.size() == 1 && !shards.owns(commands.getFirst().shard()) ->
                    // The owner of the shard replies.
                    forward(delivery.getProperties(), replies, commands.getFirst())
                            .thenCompose(result ->
                                    result instanceof CommandResult.Sent
                                            ? CompletableFuture.completedFuture(null)
                                            : reply(delivery, replies, result));
            case CommandParser.Parsed.Valid(List<Command> commands) ->
                    dispatch(delivery, replies, commands)
                            .thenCompose(result -> reply(delivery, replies, result));
        };
    }

    /** Completes with the first rejection among the target shards, or with {@code Sent}. */
    private CompletableFuture<CommandResult> dispatch(
            Delivery delivery, CommandReplyPublisher replies, List<Command> commands) {
        CommandHandler.Context context = context(delivery.getProperties());
        // This process sends one reply for all shards, so that forwarded commands ask for none.
        AMQP.BasicProperties unanswered = delivery.getProperties().builder().replyTo(null).build();
        List<CompletableFuture<CommandResult>> parts = new ArrayList<>(commands.size());
        for (Command command : commands) {
            parts.add(
                    shards.owns(command.shard())
                            ? handle(command, context)
                            : forward(unanswered, replies, command));
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

    /** Forwards a command. It counts as sent when the owner's queue has accepted it. */
    private CompletableFuture<CommandResult> forward(
            AMQP.BasicProperties properties, CommandReplyPublisher replies, Command command) {
        ReplyMessage forwarded =
                new ReplyMessage(
                        CommandQueues.ofShard(command.shard()),
                        withExpiryHeader(properties),
                        CommandParser.write(command));
        replies.publish(forwarded);
        counters.commands.get("handed_on").increment();
        return forwarded
                .outcome()
                .thenApply(taken ->
                        taken
                                ? new CommandResult.Sent()
                                : new CommandResult.UnknownShard(command.shard()));
    }

    private CompletableFuture<Void> reply(
            Delivery delivery, CommandReplyPublisher replies, CommandResult result) {
        counters.commands.get(result.name()).increment();
        AMQP.BasicProperties asked = delivery.getProperties();
        if (asked.getReplyTo() != null && !asked.getReplyTo().isBlank()) {
            AMQP.BasicProperties answer =
                    new AMQP.BasicProperties.Builder()
                            .correlationId(asked.getCorrelationId())
                            .contentType("application/json")
                            .build();
            // The outcome is ignored: the sender may no longer wait for the reply.
            replies.publish(
                    new ReplyMessage(asked.getReplyTo(), answer, CommandReply.json(result)));
        }
        if (result instanceof CommandResult.Sent) {
            return CompletableFuture.completedFuture(null);
        }
        ReplyMessage rejected =
                new ReplyMessage(
                        CommandQueues.REJECTED, withRejection(asked, result), delivery.getBody());
        replies.publish(rejected);
        return rejected.outcome()
                .thenAccept(taken -> {
                    if (!taken) {
                        throw new IllegalStateException(
                                "RabbitMQ did not accept a rejected command");
                    }
                });
    }

    private static AMQP.BasicProperties withRejection(
            AMQP.BasicProperties asked, CommandResult result) {
        Map<String, Object> headers = headers(asked);
        headers.put("rejected-reason", result.name());
        headers.put(
                "rejected-detail", new String(CommandReply.json(result), StandardCharsets.UTF_8));
        // No expiration: the queue of rejected commands keeps the message for a person.
        return asked.builder().headers(headers).expiration(null).deliveryMode(2).build();
    }

    /**
     * Replaces the relative expiration by a header with the expiry time. RabbitMQ would drop an
     * expired message without a reply to its sender.
     */
    private static AMQP.BasicProperties withExpiryHeader(AMQP.BasicProperties asked) {
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
