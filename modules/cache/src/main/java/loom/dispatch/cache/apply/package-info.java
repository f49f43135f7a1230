/**
 * Writes a batch to Redis: reads in one pipeline, applies the rules, and writes in one transaction
 * that the shard's marker fences.
 *
 * <p>The shard's dispatch thread calls in.
 */
package loom.dispatch.cache.apply;
