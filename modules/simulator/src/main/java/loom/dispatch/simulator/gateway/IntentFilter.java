package loom.dispatch.simulator.gateway;

import static loom.dispatch.simulator.world.IntentBits.*;

import loom.dispatch.simulator.world.Json;

import java.util.List;
import java.util.Map;

/**
 * Decides which intents an event requires and when MESSAGE_CONTENT hides fields (protocol section
 * 4).
 */
public final class IntentFilter {
    private IntentFilter() {}

    /** Returns the intent bits of which a session needs at least one; 0 if the event needs none. */
    public static int bits(String type, boolean direct) {
        return switch (type) {
            case "GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE" -> GUILDS.bit();
            case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE" -> GUILDS.bit();
            case "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE" -> GUILDS.bit();
            case "CHANNEL_PINS_UPDATE" -> direct ? DIRECT_MESSAGES.bit() : GUILDS.bit();
            case "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE" -> GUILDS.bit();
            case "THREAD_LIST_SYNC", "THREAD_MEMBER_UPDATE" -> GUILDS.bit();
            case "THREAD_MEMBERS_UPDATE" -> GUILDS.bit() | GUILD_MEMBERS.bit();
            case "STAGE_INSTANCE_CREATE", "STAGE_INSTANCE_UPDATE" -> GUILDS.bit();
            case "STAGE_INSTANCE_DELETE" -> GUILDS.bit();
            case "VOICE_CHANNEL_STATUS_UPDATE", "VOICE_CHANNEL_START_TIME_UPDATE" -> GUILDS.bit();
            case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE" -> GUILD_MEMBERS.bit();
            case "GUILD_MEMBER_REMOVE" -> GUILD_MEMBERS.bit();
            case "GUILD_AUDIT_LOG_ENTRY_CREATE" -> GUILD_MODERATION.bit();
            case "GUILD_BAN_ADD", "GUILD_BAN_REMOVE" -> GUILD_MODERATION.bit();
            case "GUILD_EMOJIS_UPDATE", "GUILD_STICKERS_UPDATE" -> GUILD_EXPRESSIONS.bit();
            case "GUILD_SOUNDBOARD_SOUND_CREATE" -> GUILD_EXPRESSIONS.bit();
            case "GUILD_SOUNDBOARD_SOUND_UPDATE" -> GUILD_EXPRESSIONS.bit();
            case "GUILD_SOUNDBOARD_SOUND_DELETE" -> GUILD_EXPRESSIONS.bit();
            case "GUILD_SOUNDBOARD_SOUNDS_UPDATE" -> GUILD_EXPRESSIONS.bit();
            case "GUILD_INTEGRATIONS_UPDATE" -> GUILD_INTEGRATIONS.bit();
            case "INTEGRATION_CREATE", "INTEGRATION_UPDATE" -> GUILD_INTEGRATIONS.bit();
            case "INTEGRATION_DELETE" -> GUILD_INTEGRATIONS.bit();
            case "WEBHOOKS_UPDATE" -> GUILD_WEBHOOKS.bit();
            case "INVITE_CREATE", "INVITE_DELETE" -> GUILD_INVITES.bit();
            case "VOICE_STATE_UPDATE", "VOICE_CHANNEL_EFFECT_SEND" -> GUILD_VOICE_STATES.bit();
            case "PRESENCE_UPDATE" -> GUILD_PRESENCES.bit();
            case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE" ->
                    direct ? DIRECT_MESSAGES.bit() : GUILD_MESSAGES.bit();
            case "MESSAGE_DELETE_BULK" -> GUILD_MESSAGES.bit();
            case "MESSAGE_REACTION_ADD",
                    "MESSAGE_REACTION_REMOVE",
                    "MESSAGE_REACTION_REMOVE_ALL",
                    "MESSAGE_REACTION_REMOVE_EMOJI" ->
                    direct ? DIRECT_MESSAGE_REACTIONS.bit() : GUILD_MESSAGE_REACTIONS.bit();
            case "TYPING_START" ->
                    direct ? DIRECT_MESSAGE_TYPING.bit() : GUILD_MESSAGE_TYPING.bit();
            case "GUILD_SCHEDULED_EVENT_CREATE",
                    "GUILD_SCHEDULED_EVENT_UPDATE",
                    "GUILD_SCHEDULED_EVENT_DELETE",
                    "GUILD_SCHEDULED_EVENT_USER_ADD",
                    "GUILD_SCHEDULED_EVENT_USER_REMOVE" ->
                    GUILD_SCHEDULED_EVENTS.bit();
            case "AUTO_MODERATION_RULE_CREATE",
                    "AUTO_MODERATION_RULE_UPDATE",
                    "AUTO_MODERATION_RULE_DELETE" ->
                    AUTO_MODERATION_CONFIGURATION.bit();
            case "AUTO_MODERATION_ACTION_EXECUTION" -> AUTO_MODERATION_EXECUTION.bit();
            case "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE" ->
                    direct ? DIRECT_MESSAGE_POLLS.bit() : GUILD_MESSAGE_POLLS.bit();
            default -> 0;
        };
    }

    public static boolean passes(String type, Map<String, Object> d, int intents, String botId) {
        int bits = bits(type, !d.containsKey("guild_id"));
        boolean aboutBot =
                type.equals("GUILD_MEMBER_UPDATE") && botId.equals(Json.child(d, "user").get("id"));
        boolean foreignThread =
                type.equals("THREAD_MEMBERS_UPDATE")
                        && !GUILD_MEMBERS.in(intents)
                        && !concerns(d, botId);
        return bits == 0 || (bits & intents) != 0 && !foreignThread || aboutBot;
    }

    /** Returns true if a THREAD_MEMBERS_UPDATE adds or removes the bot itself. */
    private static boolean concerns(Map<String, Object> d, String botId) {
        return d.get("removed_member_ids") instanceof List<?> removed && removed.contains(botId)
                || d.get("added_members") instanceof List<?> added
                        && added.stream()
                                .anyMatch(m ->
                                        m instanceof Map<?, ?> member
                                                && botId.equals(member.get("user_id")));
    }

    /**
     * Returns true if the content is hidden. It is visible in the bot's own messages, in direct
     * messages, and in messages that mention the bot.
     */
    public static boolean hidesContent(
            String type, Map<String, Object> d, int intents, String botId) {
        if (MESSAGE_CONTENT.in(intents)) {
            return false;
        }
        return switch (type) {
            case "AUTO_MODERATION_ACTION_EXECUTION" -> true;
            case "MESSAGE_CREATE", "MESSAGE_UPDATE" ->
                    d.containsKey("guild_id")
                            && d.get("author") instanceof Map<?, ?> author
                            && !botId.equals(author.get("id"))
                            && !mentions(d.get("mentions"), botId);
            default -> false;
        };
    }

    private static boolean mentions(Object users, String botId) {
        return users instanceof List<?> list
                && list.stream()
                        .anyMatch(u -> u instanceof Map<?, ?> m && botId.equals(m.get("id")));
    }

    public static Map<String, Object> withoutContent(String type, Map<String, Object> d) {
        Map<String, Object> copy = Json.copy(d);
        copy.put("content", "");
        if (type.equals("AUTO_MODERATION_ACTION_EXECUTION")) {
            copy.put("matched_content", "");
        } else {
            copy.put("embeds", List.of());
            copy.put("attachments", List.of());
            copy.put("components", List.of());
            copy.remove("poll");
        }
        return copy;
    }
}
