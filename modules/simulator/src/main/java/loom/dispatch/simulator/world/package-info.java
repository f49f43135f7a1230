/**
 * The state behind the simulated gateway: guilds, users, channels, and the factories that create
 * them.
 *
 * <p>The simulated gateway's lock guards all of it.
 */
package loom.dispatch.simulator.world;
