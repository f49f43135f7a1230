/**
 * The demo: runs the image between a simulated Discord and embedded servers and shows the events.
 *
 * <p>The main thread runs it.
 */
package loom.dispatch.demo;
