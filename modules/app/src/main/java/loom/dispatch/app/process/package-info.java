/**
 * The process: exit codes, signals, systemd, and retries of a start.
 *
 * <p>The main thread starts and ends the process.
 */
package loom.dispatch.app.process;
