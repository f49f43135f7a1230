/**
 * What an event does to the objects that its payload names: a table from event type to a pure rule.
 *
 * <p>The shard's dispatch thread applies the rules in memory.
 */
package loom.dispatch.cache.rules;
