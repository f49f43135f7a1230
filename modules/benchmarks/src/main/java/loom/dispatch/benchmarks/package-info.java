/**
 * The command line of the benchmarks.
 *
 * <p>The main thread runs one benchmark.
 */
package loom.dispatch.benchmarks;
