package loom.dispatch.broker;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Delivery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Takes one delivered command to its end: handled here, handed on, or refused; then answered.
 *
 * <p>Stateless but for what it is given; the stage it returns completes when the delivery may be
 * acknowledged, and never if the connection is lost before, because then it is delivered again.
 */
final class CommandClerk {
    private final Shards shards;
    private final CommandHandler handler;

    CommandClerk(Shards shards, CommandHandler handler) {
        this.shards = shards;
        this.handler = handler;
    }

    /** Called by the consumer's thread; completes on any. */
    CompletableFuture<Void> process(Delivery delivery, PostOffice post) {
        return switch (Envelope.read(delivery.getBody(), shards)) {
            case Envelope.Reading.Refused(CommandResult reason) -> conclude(delivery, post, reason);
            case Envelope.Reading.Understood(List<Command> commands)
                    when commands.size() == 1 && !shards.owns(commands.getFirst().shard()) ->
                    // The owner answers.
                    handOn(delivery.getProperties(), post, commands.getFirst())
                            .thenCompose(result ->
                                    result instanceof CommandResult.Sent
                                            ? CompletableFuture.completedFuture(null)
                                            : conclude(delivery, post, result));
            case Envelope.Reading.Understood(List<Command> commands) ->
                    dispatch(delivery, post, commands)
                            .thenCompose(result -> conclude(delivery, post, result));
        };
    }

    /** The first refusal of all shards concerned, or that it was sent. */
    private CompletableFuture<CommandResult> dispatch(
            Delivery delivery, PostOffice post, List<Command> commands) {
        CommandContext context = context(delivery.getProperties());
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

    private CompletableFuture<CommandResult> handle(Command command, CommandContext context) {
        try {
            return handler.handle(command, context)
                    .toCompletableFuture()
                    .exceptionally(CommandClerk::failed);
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
    private static CompletableFuture<CommandResult> handOn(
            AMQP.BasicProperties properties, PostOffice post, Command command) {
        Posting posting =
                new Posting(
                        CommandQueues.ofShard(command.shard()),
                        properties.builder().deliveryMode(2).build(),
                        Envelope.write(command));
        post.post(posting);
        return posting.outcome()
                .thenApply(taken ->
                        taken
                                ? new CommandResult.Sent()
                                : new CommandResult.UnknownShard(command.shard()));
    }

    private CompletableFuture<Void> conclude(
            Delivery delivery, PostOffice post, CommandResult result) {
        AMQP.BasicProperties asked = delivery.getProperties();
        if (asked.getReplyTo() != null && !asked.getReplyTo().isBlank()) {
            AMQP.BasicProperties answer =
                    new AMQP.BasicProperties.Builder()
                            .correlationId(asked.getCorrelationId())
                            .contentType("application/json")
                            .build();
            // Whether the sender still waits for it is its own affair.
            post.post(new Posting(asked.getReplyTo(), answer, CommandAnswer.json(result)));
        }
        if (result instanceof CommandResult.Sent) {
            return CompletableFuture.completedFuture(null);
        }
        Posting rejected =
                new Posting(CommandQueues.REJECTED, marked(asked, result), delivery.getBody());
        post.post(rejected);
        return rejected.outcome()
                .thenAccept(taken -> {
                    if (!taken) {
                        throw new IllegalStateException("no queue for rejected commands");
                    }
                });
    }

    private static AMQP.BasicProperties marked(AMQP.BasicProperties asked, CommandResult result) {
        Map<String, Object> headers = new HashMap<>();
        if (asked.getHeaders() != null) {
            headers.putAll(asked.getHeaders());
        }
        headers.put("rejected-reason", CommandAnswer.name(result));
        headers.put(
                "rejected-detail", new String(CommandAnswer.json(result), StandardCharsets.UTF_8));
        // Without its expiration: there it is kept for a person.
        return asked.builder().headers(headers).expiration(null).deliveryMode(2).build();
    }

    private static CommandContext context(AMQP.BasicProperties asked) {
        return new CommandContext(
                asked.getPriority() == null ? 0 : asked.getPriority(),
                expiresAtNanos(asked.getExpiration()),
                asked.getCorrelationId() == null ? "" : asked.getCorrelationId());
    }

    private static long expiresAtNanos(String expiration) {
        if (expiration == null || !expiration.matches("\\d{1,12}")) {
            return Long.MAX_VALUE;
        }
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(expiration));
    }
}
