/**
 * The state machine of a shard: a pure function from a state and an event to the next state and a
 * list of actions.
 *
 * <p>Nothing here does I/O, reads a clock or draws random numbers. The shard's thread calls it.
 */
package loom.dispatch.gateway.machine;
