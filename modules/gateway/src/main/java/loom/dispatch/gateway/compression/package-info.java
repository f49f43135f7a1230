/**
 * Turns WebSocket messages into gateway messages: uncompressed, zlib-stream or zstd-stream.
 *
 * <p>Each connection has its own decoder. The shard's thread owns it.
 */
package loom.dispatch.gateway.compression;
