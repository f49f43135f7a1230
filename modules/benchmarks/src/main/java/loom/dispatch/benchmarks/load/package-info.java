/**
 * End-to-end benches: the image under load between a replayed Discord and real stores.
 *
 * <p>The bench's main thread drives senders and consumers.
 */
package loom.dispatch.benchmarks.load;
