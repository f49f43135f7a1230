/**
 * JMH benches of the hot path.
 *
 * <p>JMH runs them.
 */
package loom.dispatch.benchmarks.micro;
