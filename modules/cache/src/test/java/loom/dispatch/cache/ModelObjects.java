package loom.dispatch.cache;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

import loom.dispatch.cache.StateConfig.Part;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The objects of the model as JSON trees by key, with their basic operations. The model derives the
 * sets from the objects.
 */
final class ModelObjects {
    private static final Gson GSON = new Gson();

    private static final Map<String, String> DEFAULTS =
            Map.of(
                    "guild",
                    """
                    {"afk_channel_id":null,"application_id":null,"banner":null,"channels":[],
                    "description":null,"discovery_splash":null,"emojis":[],"features":[],
                    "icon":null,"large":false,"members":[],"premium_progress_bar_enabled":false,
                    "presences":[],"roles":[],"rules_channel_id":null,"splash":null,
                    "system_channel_id":null,"threads":[],"unavailable":false,
                    "vanity_url_code":null,"voice_states":[]}\
                    """,
                    "role",
                    "{\"color\":0,\"hoist\":false,\"managed\":false,\"mentionable\":false}",
                    "emoji",
                    "{\"animated\":false,\"available\":true,\"managed\":false,"
                            + "\"require_colons\":false}",
                    "member",
                    """
                    {"communication_disabled_until":null,"deaf":false,"joined_at":null,
                    "mute":false,"nick":null,"pending":false,"roles":[]}\
                    """,
                    "presence",
                    "{\"activities\":[],\"client_status\":{}}",
                    "voice",
                    "{\"self_stream\":false,\"self_video\":false,"
                            + "\"request_to_speak_timestamp\":null}");

    private static final Map<String, Part> PARTS =
            Map.of(
                    "thread", Part.THREADS,
                    "emoji", Part.EMOJIS,
                    "sticker", Part.STICKERS,
                    "soundboard", Part.SOUNDS,
                    "event", Part.EVENTS,
                    "stage", Part.STAGES,
                    "presence", Part.PRESENCES,
                    "voice", Part.VOICES,
                    "message", Part.MESSAGES,
                    "dm_channel", Part.DIRECT_CHANNELS);

    /** An object and its guild; empty if it has none. */
    record Held(JsonObject value, String guild) {}

    private final StateConfig config;
    private final String botId;
    private final Map<String, Held> objects = new TreeMap<>();
    private Optional<JsonObject> botUser = Optional.empty();

    ModelObjects(StateConfig config, String botId) {
        this.config = config;
        this.botId = botId;
    }

    StateConfig config() {
        return config;
    }

    String botId() {
        return botId;
    }

    Map<String, Held> objects() {
        return objects;
    }

    boolean has(String key) {
        return objects.containsKey(key);
    }

    /** Replaces the bot's user and returns the old one. */
    Optional<JsonElement> botUser(JsonObject user) {
        Optional<JsonElement> old = botUser.map(JsonElement::deepCopy);
        botUser = Optional.of(user.deepCopy());
        return old;
    }

    /** All keys with their values; a set is a sorted array. */
    Map<String, JsonElement> expected() {
        Map<String, JsonElement> all = new TreeMap<>();
        Map<String, Set<String>> sets = new TreeMap<>();
        objects.forEach((key, held) -> {
            all.put(key, held.value());
            setsOf(key, held.guild())
                    .forEach(set -> sets.computeIfAbsent(set, _ -> new TreeSet<>()).add(key));
        });
        sets.forEach((set, keys) -> {
            JsonArray array = new JsonArray();
            keys.forEach(array::add);
            all.put(set, array);
        });
        botUser.ifPresent(user -> all.put("bot_user", user));
        return all;
    }

    private static List<String> setsOf(String key, String guild) {
        String[] parts = key.split(":");
        List<String> sets = new ArrayList<>(List.of(parts[0] + "_keys"));
        if (parts[0].equals("message")) {
            sets.add("channel_keys:" + parts[1]);
        } else if (!parts[0].equals("guild") && !guild.isEmpty()) {
            sets.add("guild_keys:" + guild);
            if (Set.of("thread", "emoji", "sticker", "soundboard", "event", "stage", "voice")
                    .contains(parts[0])) {
                sets.add(parts[0] + "_keys:" + guild);
            }
        }
        if (parts[0].equals("thread_member")) {
            sets.add("thread_member_keys:" + parts[1]);
        }
        return sets;
    }

    Optional<JsonElement> create(String key, JsonObject d, String guild) {
        String kind = key.split(":")[0];
        if (keeps(key)
                && (guild.isEmpty() && kind.matches("message|dm_channel")
                        || objects.containsKey("guild:" + guild))) {
            JsonObject value = d.deepCopy();
            if (!guild.isEmpty() && !value.has("guild_id")) {
                value.addProperty("guild_id", guild);
            }
            addDefaults(kind, value);
            objects.put(key, new Held(value, guild));
        }
        return Optional.empty();
    }

    Optional<JsonElement> replace(String key, JsonObject d, String guild, String... keptFields) {
        Optional<JsonObject> known = known(key);
        JsonObject value = d.deepCopy();
        for (String field : keptFields) {
            if (known.isPresent() && known.get().has(field) && !value.has(field)) {
                value.add(field, known.get().get(field));
            }
        }
        create(key, value, guild);
        return known.map(one -> (JsonElement) one);
    }

    Optional<JsonElement> merge(String key, JsonObject d, String guild, boolean creates) {
        Optional<JsonObject> known = known(key);
        if (known.isEmpty()) {
            return creates ? create(key, d, guild) : Optional.empty();
        }
        JsonElement old = known.get().deepCopy();
        JsonObject merged = known.get();
        d.entrySet().forEach(field -> merged.add(field.getKey(), field.getValue()));
        create(key, merged, guild);
        return Optional.of(old);
    }

    /** Sets a field of a known object and returns the old object. */
    Optional<JsonElement> change(String key, String field, JsonElement to) {
        Optional<JsonObject> known = known(key);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        JsonElement old = known.get().deepCopy();
        known.get().add(field, to);
        objects.put(key, new Held(known.get(), objects.get(key).guild()));
        return Optional.of(old);
    }

    Optional<JsonElement> patch(JsonObject d, String idField, String field) {
        Optional<JsonElement> old = Optional.empty();
        List<String> kinds =
                text(d, "guild_id").isEmpty()
                        ? List.of("dm_channel")
                        : List.of("channel", "thread");
        for (String kind : kinds) {
            String key = kind + ":" + text(d, idField);
            Optional<JsonObject> known = known(key);
            if (known.isPresent()) {
                old = Optional.of(known.get().deepCopy());
                known.get().add(field, d.has(field) ? d.get(field) : JsonNull.INSTANCE);
                objects.put(key, new Held(known.get(), objects.get(key).guild()));
            }
        }
        return old;
    }

    Optional<JsonElement> remove(String key) {
        return Optional.ofNullable(objects.remove(key)).map(Held::value);
    }

    Optional<JsonObject> known(String key) {
        return Optional.ofNullable(objects.get(key)).map(held -> held.value().deepCopy());
    }

    /** Whether the key has a TTL: messages and members may, the bot's own members never do. */
    boolean hasTtl(String key) {
        return switch (key.split(":")[0]) {
            case "member" -> !config.memberTtl().isZero() && !key.endsWith(":" + botId);
            case "message" -> !config.messageTtl().isZero();
            default -> false;
        };
    }

    boolean keeps(String key) {
        String kind = key.split(":")[0];
        return switch (kind) {
            case "member" -> key.endsWith(":" + botId) || config.parts().contains(Part.MEMBERS);
            case "thread_member" ->
                    config.parts().containsAll(Set.of(Part.THREADS, Part.THREAD_MEMBERS));
            default -> !PARTS.containsKey(kind) || config.parts().contains(PARTS.get(kind));
        };
    }

    static void addDefaults(String kind, JsonObject value) {
        GSON.fromJson(DEFAULTS.getOrDefault(kind, "{}"), JsonObject.class)
                .entrySet()
                .forEach(field -> {
                    if (!value.has(field.getKey())) {
                        value.add(field.getKey(), field.getValue());
                    }
                });
    }

    static void each(JsonObject d, String array, Consumer<JsonObject> action) {
        if (d.has(array)) {
            d.getAsJsonArray(array).forEach(one -> action.accept(one.getAsJsonObject()));
        }
    }

    static Optional<JsonElement> array(Iterable<JsonElement> elements) {
        JsonArray array = new JsonArray();
        elements.forEach(array::add);
        return array.isEmpty() ? Optional.empty() : Optional.of(array);
    }

    static String user(JsonObject d) {
        return text(d.getAsJsonObject("user"), "id");
    }

    static String text(JsonObject d, String field) {
        return d.has(field) && d.get(field).isJsonPrimitive() ? d.get(field).getAsString() : "";
    }
}
