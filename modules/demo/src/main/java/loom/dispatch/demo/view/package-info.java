/**
 * The output of the demo in a terminal or a log.
 *
 * <p>The main thread draws it.
 */
package loom.dispatch.demo.view;
