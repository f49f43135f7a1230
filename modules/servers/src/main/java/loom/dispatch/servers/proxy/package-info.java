/**
 * A TCP proxy that injects faults into open connections.
 *
 * <p>Two threads for each direction move the bytes. Tests set the faults from any thread.
 */
package loom.dispatch.servers.proxy;
