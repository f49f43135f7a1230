/**
 * JMH benchmarks of the hot path.
 *
 * <p>JMH runs them.
 */
package loom.dispatch.benchmarks.micro;
