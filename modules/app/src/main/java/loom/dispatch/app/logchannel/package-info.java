/**
 * Messages to Discord channels about shards and guilds (LOG_CHANNEL, LOG_GUILD_CHANNEL).
 *
 * <p>Any thread adds an entry and never waits. One thread for each channel posts the messages.
 */
package loom.dispatch.app.logchannel;
