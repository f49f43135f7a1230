/**
 * Keeps events on disk while RabbitMQ accepts none and memory is short.
 *
 * <p>{@link loom.dispatch.broker.spool.SpoolMachine} decides, and {@link
 * loom.dispatch.broker.spool.SpoolingLane} carries out. The dispatch thread appends to the files; a
 * replay thread reads them and publishes.
 */
package loom.dispatch.broker.spool;
