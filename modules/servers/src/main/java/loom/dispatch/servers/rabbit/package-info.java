/**
 * RabbitMQ brokers and clusters as processes, containers or an embedded Apache Qpid.
 *
 * <p>{@code Servers} calls in. The thread of the test that starts a server owns it.
 */
package loom.dispatch.servers.rabbit;
