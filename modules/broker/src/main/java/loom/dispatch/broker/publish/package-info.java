/**
 * Publishes the events of one shard in order, each with a confirm.
 *
 * <p>{@link loom.dispatch.broker.publish.LaneMachine} decides, and {@link
 * loom.dispatch.broker.publish.ConfirmedPublisher} carries out. The shard's dispatch thread
 * publishes, the connection's reading thread delivers confirms, and the connection's supervisor
 * opens channels.
 */
package loom.dispatch.broker.publish;
