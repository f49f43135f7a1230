/**
 * Servers for tests and the demo: RabbitMQ and Redis from a container, an installed program or an
 * embedded stand-in.
 *
 * <p>{@link loom.dispatch.servers.Servers} picks the best source that the machine has.
 */
package loom.dispatch.servers;
