/**
 * The benches' command line.
 *
 * <p>The main thread runs one bench.
 */
package loom.dispatch.benchmarks;
