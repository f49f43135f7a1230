/**
 * The demo: runs the image between a simulated Discord and embedded stores and shows what happens.
 *
 * <p>The main thread runs it.
 */
package loom.dispatch.demo;
