/**
 * Events whose effects reach objects that the payload does not name, for example GUILD_DELETE,
 * which removes all channels and members of the guild.
 *
 * <p>The shard's dispatch thread applies them in chunks of bounded size.
 */
package loom.dispatch.cache.bulk;
