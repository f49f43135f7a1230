/**
 * Child processes, containers, ports and temporary directories.
 *
 * <p>The servers and the users of {@code ImageProcess} call in, on the thread that starts or stops
 * a process.
 */
package loom.dispatch.servers.process;
