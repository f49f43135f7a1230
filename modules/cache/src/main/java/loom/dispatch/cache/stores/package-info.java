/**
 * The forms in which sessions, statuses, IDENTIFYs and the results of an audit are kept in Redis.
 *
 * <p>The stores of the exported package call in.
 */
package loom.dispatch.cache.stores;
