/**
 * Monitoring: metrics, health checks, the status snapshot and the HTTP endpoint that serves them.
 *
 * <p>{@link loom.dispatch.metrics.Metrics} holds the instruments, {@link
 * loom.dispatch.metrics.HttpEndpoint} serves them. All other packages of the module are internal.
 */
package loom.dispatch.metrics;
