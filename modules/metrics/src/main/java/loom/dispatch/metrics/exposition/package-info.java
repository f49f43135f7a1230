/**
 * The Prometheus text format.
 *
 * <p>{@link loom.dispatch.metrics.Metrics} calls this package on the thread of the scrape.
 */
package loom.dispatch.metrics.exposition;
