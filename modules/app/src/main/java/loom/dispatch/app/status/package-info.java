/**
 * Metrics of the running service: counters, latencies, sizes of the state, and the shards'
 * statuses.
 *
 * <p>Any thread counts. Two threads write the statuses and count the sizes.
 */
package loom.dispatch.app.status;
