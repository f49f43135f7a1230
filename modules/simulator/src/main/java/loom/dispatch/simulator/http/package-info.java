/**
 * The HTTP server of the simulator: Discord's REST routes and the routes that control faults.
 *
 * <p>One virtual thread per client.
 */
package loom.dispatch.simulator.http;
