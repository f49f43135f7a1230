/**
 * Publishes the events of one shard: in order, each confirmed, never dropped.
 *
 * <p>The shard's dispatch thread publishes, the connection's reading thread brings the confirms,
 * and the supervisor attaches the channel.
 */
package loom.dispatch.broker.publish;
