/**
 * The API of the RabbitMQ module: publishing lanes, commands from workers, configuration and
 * statistics.
 *
 * <p>{@link loom.dispatch.broker.Broker} wires the module. All other packages of the module are
 * internal.
 */
package loom.dispatch.broker;
