/**
 * Events that wait on disk while RabbitMQ takes none and memory is short.
 *
 * <p>The dispatch thread appends. A replay thread reads from the files and publishes.
 */
package loom.dispatch.broker.spool;
