/**
 * Benches of the state cache against a real Redis and against the same bytes sent raw.
 *
 * <p>One thread runs a bench.
 */
package loom.dispatch.benchmarks.cache;
