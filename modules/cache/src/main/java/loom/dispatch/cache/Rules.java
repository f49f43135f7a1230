package loom.dispatch.cache;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;

/**
 * The table of events that change objects they name. What is in neither this table nor {@link
 * Sweepings} has no effect on the state and costs no round trip.
 */
final class Rules {
    private static final Map<String, Rule> TABLE =
            Map.ofEntries(
                    entry("GUILD_UPDATE", new GuildRules.Update()),
                    entry("CHANNEL_CREATE", Upsert.create(Kind.CHANNEL)),
                    entry(
                            "CHANNEL_UPDATE",
                            Upsert.replace(Kind.CHANNEL)
                                    .keeping("status", "voice_start_time", "last_message_id")),
                    entry("CHANNEL_PINS_UPDATE", new Patch("channel_id", "last_pin_timestamp")),
                    entry("VOICE_CHANNEL_STATUS_UPDATE", new Patch("id", "status")),
                    entry("VOICE_CHANNEL_START_TIME_UPDATE", new Patch("id", "voice_start_time")),
                    entry("CHANNEL_INFO", new ThreadRules.Info()),
                    entry("THREAD_CREATE", new ThreadRules.Create()),
                    entry(
                            "THREAD_UPDATE",
                            Upsert.replace(Kind.THREAD).keeping("member", "last_message_id")),
                    entry("THREAD_MEMBER_UPDATE", new ThreadRules.OwnMember()),
                    entry("THREAD_MEMBERS_UPDATE", new ThreadRules.Members()),
                    entry("GUILD_ROLE_CREATE", Upsert.create(Kind.ROLE).in("role")),
                    entry("GUILD_ROLE_UPDATE", Upsert.replace(Kind.ROLE).in("role")),
                    entry("GUILD_MEMBER_ADD", new MemberRules.Add()),
                    entry("GUILD_MEMBER_UPDATE", Upsert.mergeKnown(Kind.MEMBER)),
                    entry("GUILD_MEMBER_REMOVE", new MemberRules.Leave()),
                    entry("GUILD_MEMBERS_CHUNK", new MemberRules.Chunk()),
                    entry("PRESENCE_UPDATE", new MemberRules.Presence()),
                    entry("VOICE_STATE_UPDATE", new MemberRules.Voice()),
                    entry("USER_UPDATE", new MemberRules.Self()),
                    entry("MESSAGE_CREATE", new MessageRules.Create()),
                    entry("MESSAGE_UPDATE", Upsert.mergeKnown(Kind.MESSAGE)),
                    entry("MESSAGE_DELETE", new Remove(Kind.MESSAGE, "id")),
                    entry("MESSAGE_DELETE_BULK", new MessageRules.BulkRemove()),
                    entry("GUILD_SCHEDULED_EVENT_CREATE", Upsert.create(Kind.EVENT)),
                    entry("GUILD_SCHEDULED_EVENT_UPDATE", new GuildRules.ScheduledEvent()),
                    entry("GUILD_SCHEDULED_EVENT_DELETE", new Remove(Kind.EVENT, "id")),
                    entry("GUILD_SCHEDULED_EVENT_USER_ADD", new GuildRules.Interested(1)),
                    entry("GUILD_SCHEDULED_EVENT_USER_REMOVE", new GuildRules.Interested(-1)),
                    entry("STAGE_INSTANCE_CREATE", Upsert.create(Kind.STAGE)),
                    entry("STAGE_INSTANCE_UPDATE", Upsert.replace(Kind.STAGE)),
                    entry("STAGE_INSTANCE_DELETE", new Remove(Kind.STAGE, "id")),
                    entry("GUILD_SOUNDBOARD_SOUND_CREATE", Upsert.create(Kind.SOUND)),
                    entry("GUILD_SOUNDBOARD_SOUND_UPDATE", Upsert.replace(Kind.SOUND)),
                    entry("GUILD_SOUNDBOARD_SOUND_DELETE", new Remove(Kind.SOUND, "sound_id")),
                    entry("GUILD_SOUNDBOARD_SOUNDS_UPDATE", new GuildRules.Sounds()));

    private Rules() {}

    static Optional<Rule> of(String type) {
        return Optional.ofNullable(TABLE.get(type));
    }
}
