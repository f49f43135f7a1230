package loom.dispatch.broker.commands;

import com.rabbitmq.client.AMQP;

import java.util.concurrent.CompletableFuture;

/**
 * A message of the command side to a queue, through the default exchange.
 *
 * @param queue where it goes
 * @param properties AMQP properties
 * @param body AMQP body
 * @param outcome completed with whether a queue took it; never completed if the connection is lost
 *     before that is known, because then the command itself comes again
 */
record ReplyMessage(
        String queue,
        AMQP.BasicProperties properties,
        byte[] body,
        CompletableFuture<Boolean> outcome) {

    ReplyMessage(String queue, AMQP.BasicProperties properties, byte[] body) {
        this(queue, properties, body, new CompletableFuture<>());
    }
}
