/**
 * WebSocket frames and transport compression of the server side.
 *
 * <p>Each connection's own threads use them.
 */
package loom.dispatch.simulator.wire;
