/**
 * The log: how a record becomes a line, and where the lines go.
 *
 * <p>Any thread logs.
 */
package loom.dispatch.app.log;
