/**
 * The server side of the gateway: sessions, IDENTIFY and RESUME, limits, intents and client
 * requests.
 *
 * <p>Each client connection has a reader and a writer thread. One lock guards sessions and world.
 */
package loom.dispatch.simulator.gateway;
