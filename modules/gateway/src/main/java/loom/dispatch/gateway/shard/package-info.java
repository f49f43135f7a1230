/**
 * One shard at work: its thread, its inbox, its connection to Discord, and the watchdog that finds
 * silent shards.
 *
 * <p>The shard's thread owns the connection. Other threads only put signals into the inbox.
 */
package loom.dispatch.gateway.shard;
