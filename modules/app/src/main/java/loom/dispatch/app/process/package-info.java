/**
 * The process: exit codes, signals, systemd, and the waits of the start.
 *
 * <p>The main thread owns the life of the process.
 */
package loom.dispatch.app.process;
