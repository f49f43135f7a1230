/**
 * Commands that workers send through RabbitMQ: read, checked, handed to the shard's process,
 * answered and acknowledged.
 *
 * <p>The connection's consumer thread reads; a publishing thread sends the replies.
 */
package loom.dispatch.broker.commands;
