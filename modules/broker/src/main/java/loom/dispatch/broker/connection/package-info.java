/**
 * One AMQP connection to RabbitMQ: opened, supervised, reopened after a loss, with the exchange and
 * the queues declared on it.
 *
 * <p>A supervisor thread per connection opens, declares and re-attaches the channel users.
 */
package loom.dispatch.broker.connection;
