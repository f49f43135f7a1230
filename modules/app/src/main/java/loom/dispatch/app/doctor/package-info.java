/**
 * The subcommands doctor and audit: they look at Discord, RabbitMQ and Redis and change nothing.
 *
 * <p>The main thread runs them.
 */
package loom.dispatch.app.doctor;
