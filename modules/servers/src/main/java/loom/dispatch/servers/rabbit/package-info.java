/**
 * RabbitMQ brokers and clusters as processes, containers or an embedded Apache Qpid.
 *
 * <p>The test that starts a server owns it.
 */
package loom.dispatch.servers.rabbit;
