/**
 * End-to-end benchmarks: the image under load between a replayed Discord and real stores.
 *
 * <p>The benchmark's main thread drives senders and consumers.
 */
package loom.dispatch.benchmarks.load;
