/**
 * Events that were received and are not yet settled, and the memory they may take.
 *
 * <p>The shard's thread adds, the dispatch thread takes, and the broker's threads settle. A short
 * lock guards each backlog; no I/O runs under it.
 */
package loom.dispatch.gateway.backlog;
