/**
 * Measures the start of the image: time, CPU and memory.
 *
 * <p>The main thread runs it.
 */
package loom.dispatch.demo.measure;
