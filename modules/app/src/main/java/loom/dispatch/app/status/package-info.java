/**
 * What is counted and shown of the running service: metrics, latencies, state sizes and the shards'
 * statuses.
 *
 * <p>Any thread counts; writers of their own carry statuses and sizes.
 */
package loom.dispatch.app.status;
