/**
 * The processes under measurement and what Linux says about them.
 *
 * <p>The bench's main thread reads.
 */
package loom.dispatch.benchmarks.process;
