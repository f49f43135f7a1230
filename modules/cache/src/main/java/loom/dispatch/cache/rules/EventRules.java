package loom.dispatch.cache.rules;

import static java.util.Map.entry;

import loom.dispatch.cache.model.ObjectKind;

import java.util.Map;
import java.util.Optional;

/**
 * Maps event types to the rules that apply them. An event type that is neither here nor in {@link
 * BulkHandlers} does not change the state, and causes no round trip.
 */
public final class EventRules {
    private static final Map<String, EventRule> TABLE =
            Map.ofEntries(
                    entry("GUILD_UPDATE", new GuildRules.Update()),
                    entry("CHANNEL_CREATE", UpsertRule.create(ObjectKind.CHANNEL)),
                    entry(
                            "CHANNEL_UPDATE",
                            UpsertRule.replace(ObjectKind.CHANNEL)
                                    .keeping("status", "voice_start_time", "last_message_id")),
                    entry(
                            "CHANNEL_PINS_UPDATE",
                            new FieldPatchRule("channel_id", "last_pin_timestamp")),
                    entry("VOICE_CHANNEL_STATUS_UPDATE", new FieldPatchRule("id", "status")),
                    entry(
                            "VOICE_CHANNEL_START_TIME_UPDATE",
                            new FieldPatchRule("id", "voice_start_time")),
                    entry("CHANNEL_INFO", new ThreadRules.ChannelInfo()),
                    entry("THREAD_CREATE", new ThreadRules.Create()),
                    entry(
                            "THREAD_UPDATE",
                            UpsertRule.replace(ObjectKind.THREAD)
                                    .keeping("member", "last_message_id")),
                    entry("THREAD_MEMBER_UPDATE", new ThreadRules.OwnMember()),
                    entry("THREAD_MEMBERS_UPDATE", new ThreadRules.Members()),
                    entry("GUILD_ROLE_CREATE", UpsertRule.create(ObjectKind.ROLE).in("role")),
                    entry("GUILD_ROLE_UPDATE", UpsertRule.replace(ObjectKind.ROLE).in("role")),
                    entry("GUILD_MEMBER_ADD", new MemberRules.Add()),
                    entry("GUILD_MEMBER_UPDATE", UpsertRule.mergeKnown(ObjectKind.MEMBER)),
                    entry("GUILD_MEMBER_REMOVE", new MemberRules.Remove()),
                    entry("GUILD_MEMBERS_CHUNK", new MemberRules.Chunk()),
                    entry("PRESENCE_UPDATE", new MemberRules.Presence()),
                    entry("VOICE_STATE_UPDATE", new MemberRules.Voice()),
                    entry("USER_UPDATE", new MemberRules.BotUser()),
                    entry("MESSAGE_CREATE", new MessageRules.Create()),
                    entry("MESSAGE_UPDATE", UpsertRule.mergeKnown(ObjectKind.MESSAGE)),
                    entry("MESSAGE_DELETE", new RemoveRule(ObjectKind.MESSAGE, "id")),
                    entry("MESSAGE_DELETE_BULK", new MessageRules.BulkRemove()),
                    entry("GUILD_SCHEDULED_EVENT_CREATE", UpsertRule.create(ObjectKind.EVENT)),
                    entry("GUILD_SCHEDULED_EVENT_UPDATE", new GuildRules.ScheduledEvent()),
                    entry("GUILD_SCHEDULED_EVENT_DELETE", new RemoveRule(ObjectKind.EVENT, "id")),
                    entry("GUILD_SCHEDULED_EVENT_USER_ADD", new GuildRules.InterestedUsers(1)),
                    entry("GUILD_SCHEDULED_EVENT_USER_REMOVE", new GuildRules.InterestedUsers(-1)),
                    entry("STAGE_INSTANCE_CREATE", UpsertRule.create(ObjectKind.STAGE)),
                    entry("STAGE_INSTANCE_UPDATE", UpsertRule.replace(ObjectKind.STAGE)),
                    entry("STAGE_INSTANCE_DELETE", new RemoveRule(ObjectKind.STAGE, "id")),
                    entry("GUILD_SOUNDBOARD_SOUND_CREATE", UpsertRule.create(ObjectKind.SOUND)),
                    entry("GUILD_SOUNDBOARD_SOUND_UPDATE", UpsertRule.replace(ObjectKind.SOUND)),
                    entry(
                            "GUILD_SOUNDBOARD_SOUND_DELETE",
                            new RemoveRule(ObjectKind.SOUND, "sound_id")),
                    entry("GUILD_SOUNDBOARD_SOUNDS_UPDATE", new GuildRules.Sounds()));

    private EventRules() {}

    public static Optional<EventRule> of(String type) {
        return Optional.ofNullable(TABLE.get(type));
    }
}
