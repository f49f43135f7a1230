/**
 * The measured processes and their statistics from Linux.
 *
 * <p>The benchmark's main thread reads them.
 */
package loom.dispatch.benchmarks.process;
