/**
 * The guild events that the simulator makes. Each one changes the world and dispatches the matching
 * gateway event.
 *
 * <p>They run under the simulated gateway's lock.
 */
package loom.dispatch.simulator.events;
