package loom.dispatch.cache.model;

import loom.dispatch.cache.StateConfig;
import loom.dispatch.cache.StateConfig.Part;
import loom.dispatch.cache.json.JsonObject;
import loom.dispatch.cache.json.JsonObjectEditor;
import loom.dispatch.cache.json.JsonSlice;
import loom.dispatch.cache.json.JsonStrings;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kinds of objects in the cache, one row each: how its key is formed, what names it in an
 * object, which sets list it, which fields a reader of twilight-dispatch's values always found, and
 * which switch keeps it.
 *
 * <p>Every object is listed in {@code <prefix>_keys}; one of a guild also in {@code guild_keys:G}
 * (guilds and messages are not). Kinds with {@code ownSet} are listed in {@code <prefix>_keys:G}
 * too, so that an event about all of one kind need not read the whole guild.
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
        /** {@code prefix:PARENT:ID}, the parent being a channel or thread. */
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

    /** The set of all keys of this kind. */
    public String set() {
        return prefix + "_keys";
    }

    /** The set of a guild's keys of this kind alone, if there is one. */
    public Optional<String> setOf(String guild) {
        return ownSet && !guild.isEmpty() ? Optional.of(set() + ":" + guild) : Optional.empty();
    }

    /**
     * Whether the switches keep this kind. Two kinds are a case of their own, see {@link
     * Scope#keeps}: the bot's own member is always kept, a thread's members only with the thread.
     */
    public boolean kept(StateConfig config) {
        return part.map(config::keeps).orElse(true);
    }

    /** How long an object lives after a change, zero for ever. */
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

    /** The id that an object of this kind carries. */
    public String id(JsonObject object) {
        JsonSlice id = object.require(idField);
        return id.isObject() ? JsonObject.of(id).require("id").text() : id.text();
    }

    /** The value to store: the object as it came, with its guild and the defaults it lacks. */
    public byte[] value(JsonObject object, String guild) {
        return completed(JsonObjectEditor.of(object), guild).toBytes();
    }

    /** Adds the guild and the defaults that an edited object lacks. */
    public JsonObjectEditor completed(JsonObjectEditor edit, String guild) {
        if (!guild.isEmpty() && this != GUILD && !edit.has("guild_id")) {
            edit.put("guild_id", JsonStrings.quotedBytes(guild));
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
