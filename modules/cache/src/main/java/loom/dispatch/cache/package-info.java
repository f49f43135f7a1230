/**
 * Redis as the application sees it: the state of the guilds, sessions, statuses, leases and the
 * IDENTIFY budget.
 *
 * <p>{@link loom.dispatch.cache.RedisClient} connects; the stores and {@link
 * loom.dispatch.cache.StateCache} use it. All other packages of the module are internal.
 */
package loom.dispatch.cache;
