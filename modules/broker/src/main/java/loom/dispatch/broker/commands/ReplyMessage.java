package loom.dispatch.broker.commands;

import com.rabbitmq.client.AMQP;

import java.util.concurrent.CompletableFuture;

/**
 * A reply, a forwarded command or a rejected command, to be published to a queue through the
 * default exchange.
 *
 * @param queue the target queue
 * @param properties AMQP properties
 * @param body AMQP body
 * @param outcome completes with whether a queue accepted the message. It never completes if the
 *     connection is lost first; RabbitMQ then delivers the command again
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
