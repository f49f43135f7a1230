/**
 * The program.
 *
 * <p>{@link loom.dispatch.app.Main} starts the service or one of its subcommands.
 */
package loom.dispatch.app;
