/**
 * Frames that workers ask a shard to send: checked, queued by priority, and sent within Discord's
 * limits.
 *
 * <p>Any thread adds a frame. The shard's thread sends it.
 */
package loom.dispatch.gateway.outbound;
