/**
 * The configuration: environment variables, the .env file, secrets, and the checks of all of them
 * together.
 *
 * <p>The main thread reads it once at the start.
 */
package loom.dispatch.app.config;
