/**
 * Events that can happen in a guild: each changes the world and dispatches the event that tells of
 * it.
 *
 * <p>They run under the simulated gateway's lock.
 */
package loom.dispatch.simulator.events;
