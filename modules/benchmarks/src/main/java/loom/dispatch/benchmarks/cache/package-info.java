/**
 * Benchmarks of the state cache with a real Redis, beside the same bytes sent raw.
 *
 * <p>One thread runs a benchmark.
 */
package loom.dispatch.benchmarks.cache;
