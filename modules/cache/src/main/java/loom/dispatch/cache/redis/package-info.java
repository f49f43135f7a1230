/**
 * Connections to Redis for each topology (single server, Sentinel, Cluster), pipelines, and what
 * its failures mean.
 *
 * <p>Many virtual threads borrow connections; a connection is used by one thread at a time.
 */
package loom.dispatch.cache.redis;
