/**
 * Prometheus's text format.
 *
 * <p>The thread of a scrape calls in.
 */
package loom.dispatch.metrics.exposition;
