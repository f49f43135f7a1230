/**
 * The path of an event from a shard's backlog to its saved checkpoint, and of a command back to its
 * shard.
 *
 * <p>The dispatch threads run events through the cache to RabbitMQ. A thread of its own saves the
 * checkpoints.
 */
package loom.dispatch.app.pipeline;
