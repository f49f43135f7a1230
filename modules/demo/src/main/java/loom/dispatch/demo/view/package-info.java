/**
 * What the demo draws in a terminal or writes to a log.
 *
 * <p>The main thread draws.
 */
package loom.dispatch.demo.view;
