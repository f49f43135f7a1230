/**
 * Child processes, containers, ports and temporary directories that the servers are made of.
 *
 * <p>Used by the thread that starts or stops a server.
 */
package loom.dispatch.servers.process;
