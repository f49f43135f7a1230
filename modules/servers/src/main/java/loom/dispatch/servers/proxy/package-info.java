/**
 * A TCP proxy that injects faults into open connections.
 *
 * <p>Two threads a direction move the bytes; any thread switches the faults.
 */
package loom.dispatch.servers.proxy;
