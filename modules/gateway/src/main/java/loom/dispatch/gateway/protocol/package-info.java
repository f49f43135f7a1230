/**
 * Discord's gateway protocol (API v10) as bytes: opcodes, URLs, the envelope of a message, and the
 * payloads that a shard sends and reads.
 *
 * <p>Pure functions and short-lived readers. The shard's thread calls them.
 */
package loom.dispatch.gateway.protocol;
