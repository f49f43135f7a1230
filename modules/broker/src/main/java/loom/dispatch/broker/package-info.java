/**
 * RabbitMQ as the application sees it: lanes that publish events, commands from workers, and the
 * configuration.
 *
 * <p>{@link loom.dispatch.broker.Broker} wires the module. All other packages of the module are
 * internal.
 */
package loom.dispatch.broker;
