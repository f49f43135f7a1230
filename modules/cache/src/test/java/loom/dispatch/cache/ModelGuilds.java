package loom.dispatch.cache;

import static java.util.Map.entry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The model rules for guilds and their roles, emojis, stickers, sounds and events. */
final class ModelGuilds {
    private static final Map<String, String> CHILDREN =
            Map.ofEntries(
                    Map.entry("channels", "channel"),
                    Map.entry("threads", "thread"),
                    Map.entry("roles", "role"),
                    Map.entry("emojis", "emoji"),
                    Map.entry("stickers", "sticker"),
                    Map.entry("soundboard_sounds", "soundboard"),
                    Map.entry("guild_scheduled_events", "event"),
                    Map.entry("stage_instances", "stage"),
                    Map.entry("members", "member"),
                    Map.entry("presences", "presence"),
                    Map.entry("voice_states", "voice"));

    private final ModelObjects trees;

    ModelGuilds(ModelObjects trees) {
        this.trees = trees;
    }

    Map<String, ReferenceStateModel.Rule> rules() {
        return Map.ofEntries(
                entry("READY", (d, _) -> ready(d)),
                entry("GUILD_CREATE", (d, _) -> guildCreate(d)),
                entry("GUILD_UPDATE", (d, _) -> guildUpdate(d)),
                entry("GUILD_DELETE", (d, _) -> guildDelete(d)),
                entry("GUILD_ROLE_CREATE", (d, guild) -> role(d, guild, false)),
                entry("GUILD_ROLE_UPDATE", (d, guild) -> role(d, guild, true)),
                entry("GUILD_ROLE_DELETE", this::roleDelete),
                entry("GUILD_EMOJIS_UPDATE", whole("emoji", "emojis")),
                entry("GUILD_STICKERS_UPDATE", whole("sticker", "stickers")),
                entry("SOUNDBOARD_SOUNDS", whole("soundboard", "soundboard_sounds")),
                entry("GUILD_SOUNDBOARD_SOUND_CREATE", (d, guild) -> owned("soundboard", d, guild)),
                entry(
                        "GUILD_SOUNDBOARD_SOUND_UPDATE",
                        (d, guild) -> changed("soundboard", d, guild)),
                entry("GUILD_SOUNDBOARD_SOUND_DELETE", (d, guild) -> gone("soundboard", d, guild)),
                entry("GUILD_SOUNDBOARD_SOUNDS_UPDATE", this::sounds),
                entry("GUILD_SCHEDULED_EVENT_CREATE", (d, guild) -> owned("event", d, guild)),
                entry("GUILD_SCHEDULED_EVENT_UPDATE", this::scheduledEvent),
                entry("GUILD_SCHEDULED_EVENT_DELETE", (d, guild) -> gone("event", d, guild)),
                entry("GUILD_SCHEDULED_EVENT_USER_ADD", (d, guild) -> interested(d, guild, 1)),
                entry("GUILD_SCHEDULED_EVENT_USER_REMOVE", (d, guild) -> interested(d, guild, -1)),
                entry("STAGE_INSTANCE_CREATE", (d, guild) -> owned("stage", d, guild)),
                entry("STAGE_INSTANCE_UPDATE", (d, guild) -> changed("stage", d, guild)),
                entry("STAGE_INSTANCE_DELETE", (d, guild) -> gone("stage", d, guild)));
    }

    private Optional<JsonElement> owned(String kind, JsonObject d, String guild) {
        return trees.create(childKey(kind, guild, d), d, guild);
    }

    private Optional<JsonElement> changed(String kind, JsonObject d, String guild) {
        return trees.replace(childKey(kind, guild, d), d, guild);
    }

    private Optional<JsonElement> gone(String kind, JsonObject d, String guild) {
        return trees.remove(childKey(kind, guild, d));
    }

    private ReferenceStateModel.Rule whole(String kind, String array) {
        return (d, guild) -> wholeSet(kind, guild, d.getAsJsonArray(array));
    }

    private Optional<JsonElement> role(JsonObject d, String guild, boolean known) {
        JsonObject role = d.getAsJsonObject("role");
        return known ? changed("role", role, guild) : owned("role", role, guild);
    }

    private Optional<JsonElement> roleDelete(JsonObject d, String guild) {
        String role = ModelObjects.text(d, "role_id");
        withoutRole(guild, role);
        return trees.remove("role:" + guild + ":" + role);
    }

    private Optional<JsonElement> scheduledEvent(JsonObject d, String guild) {
        int status = d.get("status").getAsInt();
        String key = childKey("event", guild, d);
        return status == 3 || status == 4
                ? trees.remove(key)
                : trees.replace(key, d, guild, "user_count");
    }

    private Optional<JsonElement> ready(JsonObject d) {
        trees.botUser(d.getAsJsonObject("user"));
        Set<String> listed = new TreeSet<>();
        ModelObjects.each(d, "guilds", one -> listed.add(ModelObjects.text(one, "id")));
        JsonArray place = d.getAsJsonArray("shard");
        for (String key : List.copyOf(trees.objects().keySet())) {
            if (key.startsWith("guild:")
                    && !listed.contains(key.substring(6))
                    && isOf(place, key.substring(6))) {
                removeGuild(key.substring(6));
            }
        }
        listed.forEach(this::markUnavailable);
        return Optional.empty();
    }

    private static boolean isOf(JsonArray place, String guild) {
        long number = Long.parseLong(guild) >> 22;
        return number % place.get(1).getAsInt() == place.get(0).getAsInt();
    }

    private void markUnavailable(String guild) {
        JsonObject value =
                trees.known("guild:" + guild)
                        .orElseGet(() -> {
                            JsonObject stub = new JsonObject();
                            stub.addProperty("id", guild);
                            return stub;
                        });
        value.addProperty("unavailable", true);
        trees.objects().put("guild:" + guild, new ModelObjects.Held(value, guild));
    }

    private Optional<JsonElement> guildCreate(JsonObject d) {
        String guild = ModelObjects.text(d, "id");
        Optional<JsonElement> old = trees.known("guild:" + guild).map(one -> (JsonElement) one);
        if (d.has("unavailable") && d.get("unavailable").getAsBoolean()) {
            markUnavailable(guild);
            return old;
        }
        Map<String, ModelObjects.Held> children = new LinkedHashMap<>();
        ModelObjects picture = new ModelObjects(trees.config(), trees.botId());
        picture.objects().put("guild:" + guild, new ModelObjects.Held(new JsonObject(), guild));
        CHILDREN.forEach((array, kind) ->
                ModelObjects.each(
                        d,
                        array,
                        one -> {
                            if (!ModelObjects.text(one, "status").equals("offline")) {
                                picture.create(childKey(kind, guild, one), one, guild);
                            }
                        }));
        picture.objects().remove("guild:" + guild);
        children.putAll(picture.objects());
        trees.objects()
                .forEach((key, held) -> {
                    String channel = key.split(":")[1];
                    boolean stays =
                            children.containsKey("channel:" + channel)
                                    || children.containsKey("thread:" + channel);
                    if (key.startsWith("message:") && held.guild().equals(guild) && stays) {
                        children.put(key, held);
                    }
                });
        removeGuild(guild);
        trees.objects().putAll(children);
        trees.objects().put("guild:" + guild, new ModelObjects.Held(guildValue(d), guild));
        return old;
    }

    private static String childKey(String kind, String guild, JsonObject child) {
        return switch (kind) {
            case "channel", "thread" -> kind + ":" + ModelObjects.text(child, "id");
            case "member", "presence" -> kind + ":" + guild + ":" + ModelObjects.user(child);
            case "voice" -> kind + ":" + guild + ":" + ModelObjects.text(child, "user_id");
            case "soundboard" -> kind + ":" + guild + ":" + ModelObjects.text(child, "sound_id");
            default -> kind + ":" + guild + ":" + ModelObjects.text(child, "id");
        };
    }

    private static JsonObject guildValue(JsonObject d) {
        JsonObject value = d.deepCopy();
        for (String array :
                List.of("channels", "roles", "emojis", "members", "presences", "voice_states")) {
            value.add(array, new JsonArray());
        }
        ModelObjects.addDefaults("guild", value);
        return value;
    }

    private Optional<JsonElement> guildUpdate(JsonObject d) {
        String guild = ModelObjects.text(d, "id");
        Optional<JsonElement> old = trees.known("guild:" + guild).map(one -> (JsonElement) one);
        trees.known("guild:" + guild)
                .ifPresent(value -> {
                    d.entrySet().forEach(field -> value.add(field.getKey(), field.getValue()));
                    trees.objects()
                            .put("guild:" + guild, new ModelObjects.Held(guildValue(value), guild));
                });
        return old;
    }

    private Optional<JsonElement> guildDelete(JsonObject d) {
        String guild = ModelObjects.text(d, "id");
        Optional<JsonElement> old = trees.known("guild:" + guild).map(one -> (JsonElement) one);
        if (d.has("unavailable") && d.get("unavailable").getAsBoolean()) {
            markUnavailable(guild);
        } else {
            removeGuild(guild);
        }
        return old;
    }

    private void removeGuild(String guild) {
        trees.objects().values().removeIf(held -> held.guild().equals(guild));
    }

    private Optional<JsonElement> wholeSet(String kind, String guild, JsonArray all) {
        Map<String, JsonElement> before = new TreeMap<>();
        for (String key : List.copyOf(trees.objects().keySet())) {
            if (key.startsWith(kind + ":" + guild + ":")) {
                before.put(key, trees.objects().remove(key).value());
            }
        }
        all.forEach(one ->
                trees.create(
                        childKey(kind, guild, one.getAsJsonObject()),
                        one.getAsJsonObject(),
                        guild));
        return ModelObjects.array(before.values());
    }

    private void withoutRole(String guild, String role) {
        for (String key : List.copyOf(trees.objects().keySet())) {
            if (key.matches("(member|emoji):" + guild + ":.*")) {
                JsonObject value = trees.objects().get(key).value();
                if (value.has("roles")) {
                    JsonArray roles = new JsonArray();
                    value.getAsJsonArray("roles").asList().stream()
                            .filter(one -> !one.getAsString().equals(role))
                            .forEach(roles::add);
                    trees.change(key, "roles", roles);
                }
            }
        }
    }

    private Optional<JsonElement> interested(JsonObject d, String guild, int difference) {
        String key = "event:" + guild + ":" + ModelObjects.text(d, "guild_scheduled_event_id");
        return trees.known(key)
                .filter(event -> event.has("user_count"))
                .flatMap(event -> {
                    int count = event.get("user_count").getAsInt() + difference;
                    return trees.change(key, "user_count", new JsonPrimitive(Math.max(0, count)));
                });
    }

    private Optional<JsonElement> sounds(JsonObject d, String guild) {
        List<JsonElement> before = new ArrayList<>();
        ModelObjects.each(
                d,
                "soundboard_sounds",
                one ->
                        trees.replace(
                                        "soundboard:"
                                                + guild
                                                + ":"
                                                + ModelObjects.text(one, "sound_id"),
                                        one,
                                        guild)
                                .ifPresent(before::add));
        return ModelObjects.array(before);
    }
}
