package loom.dispatch.cache.model;

import loom.dispatch.cache.StateConfig;
import loom.dispatch.cache.StateConfig.Part;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonStrings;
import loom.dispatch.runtime.JsonValue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists the kinds of cached objects. Each row defines the form of the key, the id field, the index
 * sets, the default fields and the setting that keeps the kind.
 *
 * <p>Every key is in the set {@code <prefix>_keys}. The key of an object that belongs to a guild is
 * also in {@code guild_keys:G}, except for guilds and messages. Kinds with {@code ownSet} are also
 * in {@code <prefix>_keys:G}, so that an event about one kind need not read the whole guild.
 */
public enum ObjectKind {
    GUILD("guild", Form.ID, "id", false, DefaultFields.GUILD, Optional.empty()),
    CHANNEL("channel", Form.ID, "id", false, List.of(), Optional.empty()),
    DIRECT_CHANNEL(
            "dm_channel", Form.ID, "id", false, List.of(), Optional.of(Part.DIRECT_CHANNELS)),
    THREAD("thread", Form.ID, "id", true, List.of(), Optional.of(Part.THREADS)),
    THREAD_MEMBER(
            "thread_member",
            Form.PARENT_AND_ID,
            "user_id",
            false,
            List.of(),
            Optional.of(Part.THREAD_MEMBERS)),
    ROLE("role", Form.GUILD_AND_ID, "id", false, DefaultFields.ROLE, Optional.empty()),
    EMOJI("emoji", Form.GUILD_AND_ID, "id", true, DefaultFields.EMOJI, Optional.of(Part.EMOJIS)),
    STICKER("sticker", Form.GUILD_AND_ID, "id", true, List.of(), Optional.of(Part.STICKERS)),
    SOUND("soundboard", Form.GUILD_AND_ID, "sound_id", true, List.of(), Optional.of(Part.SOUNDS)),
    EVENT("event", Form.GUILD_AND_ID, "id", true, List.of(), Optional.of(Part.EVENTS)),
    STAGE("stage", Form.GUILD_AND_ID, "id", true, List.of(), Optional.of(Part.STAGES)),
    MEMBER(
            "member",
            Form.GUILD_AND_ID,
            "user",
            false,
            DefaultFields.MEMBER,
            Optional.of(Part.MEMBERS)),
    PRESENCE(
            "presence",
            Form.GUILD_AND_ID,
            "user",
            false,
            DefaultFields.PRESENCE,
            Optional.of(Part.PRESENCES)),
    VOICE(
            "voice",
            Form.GUILD_AND_ID,
            "user_id",
            true,
            DefaultFields.VOICE,
            Optional.of(Part.VOICES)),
    MESSAGE("message", Form.PARENT_AND_ID, "id", false, List.of(), Optional.of(Part.MESSAGES));

    /** What follows the prefix in a key. */
    public enum Form {
        /** {@code prefix:ID}. */
        ID,
        /** {@code prefix:GUILD:ID}. */
        GUILD_AND_ID,
        /** {@code prefix:PARENT:ID}, where the parent is a channel or thread. */
        PARENT_AND_ID
    }

    private final String prefix;
    private final Form form;
    private final String idField;
    private final boolean ownSet;
    private final List<Map.Entry<String, byte[]>> defaults;
    private final Optional<Part> part;

    ObjectKind(
            String prefix,
            Form form,
            String idField,
            boolean ownSet,
            List<Map.Entry<String, byte[]>> defaults,
            Optional<Part> part) {
        this.prefix = prefix;
        this.form = form;
        this.idField = idField;
        this.ownSet = ownSet;
        this.defaults = defaults;
        this.part = part;
    }

    public String prefix() {
        return prefix;
    }

    public Form form() {
        return form;
    }

    /** Returns the name of the set with all keys of this kind. */
    public String set() {
        return prefix + "_keys";
    }

    /** Returns the name of the set with a guild's keys of this kind, if there is one. */
    public Optional<String> setOf(String guild) {
        return ownSet && !guild.isEmpty() ? Optional.of(set() + ":" + guild) : Optional.empty();
    }

    /**
     * Whether the settings keep this kind. {@link RuleContext#keeps} treats two kinds differently:
     * it always keeps the bot's own members, and keeps thread members only with their thread.
     */
    public boolean kept(StateConfig config) {
        return part.map(config::keeps).orElse(true);
    }

    /** Returns how long an object stays after its last change; zero means without limit. */
    public Duration timeToLive(StateConfig config) {
        return switch (this) {
            case MEMBER -> config.memberTtl();
            case MESSAGE -> config.messageTtl();
            case GUILD,
                    CHANNEL,
                    DIRECT_CHANNEL,
                    THREAD,
                    THREAD_MEMBER,
                    ROLE,
                    EMOJI,
                    STICKER,
                    SOUND,
                    EVENT,
                    STAGE,
                    PRESENCE,
                    VOICE ->
                    Duration.ZERO;
        };
    }

    /** Returns the id in an object of this kind. */
    public String id(JsonObject object) {
        JsonValue id = object.require(idField);
        return id.isObject() ? JsonObject.of(id).require("id").text() : id.text();
    }

    /**
     * Returns the value to store: the object as Discord sent it, plus the guild id and the default
     * fields that it lacks.
     */
    public byte[] value(JsonObject object, String guild) {
        return completed(JsonObjectEditor.of(object), guild).toBytes();
    }

    /** Adds the guild id and the default fields that an edited object lacks. */
    public JsonObjectEditor completed(JsonObjectEditor edit, String guild) {
        if (!guild.isEmpty() && this != GUILD && !edit.has("guild_id")) {
            edit.put("guild_id", JsonStrings.quoteToBytes(guild));
        }
        defaults.forEach(one -> edit.putIfAbsent(one.getKey(), one.getValue()));
        return edit;
    }

    static Optional<ObjectKind> ofPrefix(String prefix) {
        for (ObjectKind kind : values()) {
            if (kind.prefix.equals(prefix)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
