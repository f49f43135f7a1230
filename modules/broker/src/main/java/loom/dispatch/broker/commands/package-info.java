/**
 * Consumes the commands of workers: parses them, handles them or forwards them to the shard's
 * process, replies and acknowledges.
 *
 * <p>The RabbitMQ client's consumer thread delivers the commands. A publisher thread sends replies.
 */
package loom.dispatch.broker.commands;
