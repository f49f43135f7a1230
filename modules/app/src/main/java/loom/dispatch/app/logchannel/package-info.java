/**
 * Discord channels that are told when shards go up and down and when guilds come and go.
 *
 * <p>Any thread adds an entry without waiting. A thread per channel posts.
 */
package loom.dispatch.app.logchannel;
