/**
 * HTTP messages, WebSocket frames and transport compression of the server side.
 *
 * <p>The threads of each connection call them.
 */
package loom.dispatch.simulator.wire;
