/**
 * Rate limits: concurrent connection attempts, IDENTIFYs per max_concurrency key, and messages per
 * connection.
 *
 * <p>The limiters of connections and IDENTIFYs have threads of their own; the budgets belong to the
 * shard's thread.
 */
package loom.dispatch.gateway.limits;
