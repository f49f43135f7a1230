package loom.dispatch.cache;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import loom.dispatch.cache.StateConfig.Part;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the cache must hold, told a second time without looking at the first: plain trees in a map,
 * an event a method, nothing about Redis. Sets are not kept but derived from the objects.
 */
final class StateModel {
    private static final Gson GSON = new Gson();

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

    /** An object and the guild it belongs to, empty for none. */
    record Held(JsonObject value, String guild) {}

    private final StateConfig config;
    private final String botId;
    private final Map<String, Held> objects = new TreeMap<>();
    private Optional<JsonObject> botUser = Optional.empty();

    StateModel(StateConfig config, String botId) {
        this.config = config;
        this.botId = botId;
    }

    /** Every key with its value as a tree; a set as an array in order. */
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

    /** Applies an event and tells what {@code old} must be. */
    Optional<JsonElement> apply(String type, JsonObject d) {
        String guild = text(d, "guild_id");
        return switch (type) {
            case "READY" -> ready(d);
            case "GUILD_CREATE" -> guildCreate(d);
            case "GUILD_UPDATE" -> guildUpdate(d);
            case "GUILD_DELETE" -> guildDelete(d);
            case "CHANNEL_CREATE" -> create("channel:" + text(d, "id"), d, guild);
            case "CHANNEL_UPDATE" ->
                    replace(
                            "channel:" + text(d, "id"),
                            d,
                            guild,
                            "status",
                            "voice_start_time",
                            "last_message_id");
            case "CHANNEL_DELETE" -> channelDelete(text(d, "id"), guild);
            case "CHANNEL_PINS_UPDATE" -> patch(d, "channel_id", "last_pin_timestamp");
            case "VOICE_CHANNEL_STATUS_UPDATE" -> patch(d, "id", "status");
            case "VOICE_CHANNEL_START_TIME_UPDATE" -> patch(d, "id", "voice_start_time");
            case "CHANNEL_INFO" -> channelInfo(d);
            case "THREAD_CREATE" -> {
                newPost(d);
                replace("thread:" + text(d, "id"), d, guild, "member");
                yield Optional.empty();
            }
            case "THREAD_MEMBER_UPDATE" -> ownThreadMember(d, guild);
            case "THREAD_UPDATE" ->
                    d.getAsJsonObject("thread_metadata").get("archived").getAsBoolean()
                            ? threadGone(text(d, "id"))
                            : replace(
                                    "thread:" + text(d, "id"),
                                    d,
                                    guild,
                                    "member",
                                    "last_message_id");
            case "THREAD_DELETE" -> threadGone(text(d, "id"));
            case "THREAD_LIST_SYNC" -> threadListSync(d, guild);
            case "THREAD_MEMBERS_UPDATE" -> threadMembers(d, guild);
            case "GUILD_ROLE_CREATE" ->
                    create(
                            "role:" + guild + ":" + text(d.getAsJsonObject("role"), "id"),
                            d.getAsJsonObject("role"),
                            guild);
            case "GUILD_ROLE_UPDATE" ->
                    replace(
                            "role:" + guild + ":" + text(d.getAsJsonObject("role"), "id"),
                            d.getAsJsonObject("role"),
                            guild);
            case "GUILD_ROLE_DELETE" -> {
                withoutRole(guild, text(d, "role_id"));
                yield remove("role:" + guild + ":" + text(d, "role_id"));
            }
            case "GUILD_EMOJIS_UPDATE" -> wholeSet("emoji", guild, d.getAsJsonArray("emojis"));
            case "GUILD_STICKERS_UPDATE" ->
                    wholeSet("sticker", guild, d.getAsJsonArray("stickers"));
            case "GUILD_MEMBER_ADD" -> {
                if (!objects.containsKey("member:" + guild + ":" + user(d))) {
                    count(guild, 1);
                }
                yield create("member:" + guild + ":" + user(d), d, guild);
            }
            case "GUILD_MEMBER_UPDATE" -> memberUpdate(d, guild);
            case "GUILD_MEMBER_REMOVE" -> memberRemove(d, guild);
            case "GUILD_MEMBERS_CHUNK" -> {
                each(d, "members", one -> create("member:" + guild + ":" + user(one), one, guild));
                each(d, "presences", one -> presence(one, guild));
                yield Optional.empty();
            }
            case "PRESENCE_UPDATE" -> presence(d, guild);
            case "VOICE_STATE_UPDATE" -> {
                if (d.get("channel_id").isJsonNull()) {
                    yield remove("voice:" + guild + ":" + text(d, "user_id"));
                }
                seen(d, guild);
                yield replace("voice:" + guild + ":" + text(d, "user_id"), d, guild);
            }
            case "MESSAGE_CREATE" -> {
                create(message(d, text(d, "id")), d, guild);
                lastMessage(d, guild);
                yield Optional.empty();
            }
            case "MESSAGE_UPDATE" -> messageUpdate(d, guild);
            case "MESSAGE_DELETE" -> remove(message(d, text(d, "id")));
            case "MESSAGE_DELETE_BULK" -> bulk(d);
            case "GUILD_SCHEDULED_EVENT_CREATE" ->
                    create("event:" + guild + ":" + text(d, "id"), d, guild);
            case "GUILD_SCHEDULED_EVENT_UPDATE" -> {
                int status = d.get("status").getAsInt();
                String key = "event:" + guild + ":" + text(d, "id");
                yield status == 3 || status == 4
                        ? remove(key)
                        : replace(key, d, guild, "user_count");
            }
            case "GUILD_SCHEDULED_EVENT_DELETE" -> remove("event:" + guild + ":" + text(d, "id"));
            case "GUILD_SCHEDULED_EVENT_USER_ADD" -> interested(d, guild, 1);
            case "GUILD_SCHEDULED_EVENT_USER_REMOVE" -> interested(d, guild, -1);
            case "GUILD_SOUNDBOARD_SOUND_CREATE" ->
                    create("soundboard:" + guild + ":" + text(d, "sound_id"), d, guild);
            case "GUILD_SOUNDBOARD_SOUND_UPDATE" ->
                    replace("soundboard:" + guild + ":" + text(d, "sound_id"), d, guild);
            case "GUILD_SOUNDBOARD_SOUND_DELETE" ->
                    remove("soundboard:" + guild + ":" + text(d, "sound_id"));
            case "GUILD_SOUNDBOARD_SOUNDS_UPDATE" -> sounds(d, guild);
            case "SOUNDBOARD_SOUNDS" ->
                    wholeSet("soundboard", guild, d.getAsJsonArray("soundboard_sounds"));
            case "STAGE_INSTANCE_UPDATE" ->
                    replace("stage:" + guild + ":" + text(d, "id"), d, guild);
            case "STAGE_INSTANCE_CREATE" ->
                    create("stage:" + guild + ":" + text(d, "id"), d, guild);
            case "STAGE_INSTANCE_DELETE" -> remove("stage:" + guild + ":" + text(d, "id"));
            case "USER_UPDATE" -> {
                Optional<JsonElement> old = botUser.map(JsonElement::deepCopy);
                botUser = Optional.of(d.deepCopy());
                yield old;
            }
            default -> Optional.empty();
        };
    }

    private Optional<JsonElement> ready(JsonObject d) {
        botUser = Optional.of(d.getAsJsonObject("user").deepCopy());
        Set<String> listed = new TreeSet<>();
        each(d, "guilds", one -> listed.add(text(one, "id")));
        for (String key : List.copyOf(objects.keySet())) {
            if (key.startsWith("guild:") && !listed.contains(key.substring(6))) {
                removeGuild(key.substring(6));
            }
        }
        listed.forEach(this::markUnavailable);
        return Optional.empty();
    }

    private void markUnavailable(String guild) {
        JsonObject value =
                known("guild:" + guild)
                        .orElseGet(() -> {
                            JsonObject stub = new JsonObject();
                            stub.addProperty("id", guild);
                            return stub;
                        });
        value.addProperty("unavailable", true);
        objects.put("guild:" + guild, new Held(value, guild));
    }

    private Optional<JsonElement> guildCreate(JsonObject d) {
        String guild = text(d, "id");
        Optional<JsonElement> old = known("guild:" + guild).map(one -> (JsonElement) one);
        if (d.has("unavailable") && d.get("unavailable").getAsBoolean()) {
            markUnavailable(guild);
            return old;
        }
        Map<String, Held> children = new LinkedHashMap<>();
        StateModel picture = new StateModel(config, botId);
        picture.objects.put("guild:" + guild, new Held(new JsonObject(), guild));
        CHILDREN.forEach((array, kind) ->
                each(
                        d,
                        array,
                        one -> {
                            if (!text(one, "status").equals("offline")) {
                                picture.create(childKey(kind, guild, one), one, guild);
                            }
                        }));
        picture.objects.remove("guild:" + guild);
        children.putAll(picture.objects);
        objects.forEach((key, held) -> {
            String channel = key.split(":")[1];
            boolean stays =
                    children.containsKey("channel:" + channel)
                            || children.containsKey("thread:" + channel);
            if (key.startsWith("message:") && held.guild().equals(guild) && stays) {
                children.put(key, held);
            }
        });
        removeGuild(guild);
        objects.putAll(children);
        objects.put("guild:" + guild, new Held(guildValue(d), guild));
        return old;
    }

    private static String childKey(String kind, String guild, JsonObject child) {
        return switch (kind) {
            case "channel", "thread" -> kind + ":" + text(child, "id");
            case "member", "presence" -> kind + ":" + guild + ":" + user(child);
            case "voice" -> kind + ":" + guild + ":" + text(child, "user_id");
            case "soundboard" -> kind + ":" + guild + ":" + text(child, "sound_id");
            default -> kind + ":" + guild + ":" + text(child, "id");
        };
    }

    private static JsonObject guildValue(JsonObject d) {
        JsonObject value = d.deepCopy();
        for (String array :
                List.of("channels", "roles", "emojis", "members", "presences", "voice_states")) {
            value.add(array, new JsonArray());
        }
        addDefaults("guild", value);
        return value;
    }

    private Optional<JsonElement> guildUpdate(JsonObject d) {
        String key = "guild:" + text(d, "id");
        Optional<JsonObject> known = known(key);
        known.ifPresent(before -> {
            d.entrySet().forEach(field -> before.add(field.getKey(), field.getValue()));
            objects.put(key, new Held(guildValue(before), text(d, "id")));
        });
        return known.flatMap(_ -> Optional.of(knownBefore));
    }

    private Optional<JsonElement> guildDelete(JsonObject d) {
        String guild = text(d, "id");
        Optional<JsonElement> old = known("guild:" + guild).map(one -> (JsonElement) one);
        if (d.has("unavailable") && d.get("unavailable").getAsBoolean()) {
            markUnavailable(guild);
        } else {
            removeGuild(guild);
        }
        return old;
    }

    private void removeGuild(String guild) {
        objects.values().removeIf(held -> held.guild().equals(guild));
    }

    private Optional<JsonElement> channelDelete(String channel, String guild) {
        for (String key : List.copyOf(objects.keySet())) {
            JsonObject value = objects.containsKey(key) ? objects.get(key).value() : null;
            if (value == null || !objects.get(key).guild().equals(guild)) {
                continue;
            }
            if (key.startsWith("thread:") && text(value, "parent_id").equals(channel)) {
                threadGone(key.substring(7));
            } else if (key.matches("(voice|event|stage):.*")
                    && text(value, "channel_id").equals(channel)) {
                objects.remove(key);
            }
        }
        objects.keySet().removeIf(key -> key.startsWith("message:" + channel + ":"));
        return remove("channel:" + channel);
    }

    private Optional<JsonElement> threadGone(String thread) {
        objects.keySet()
                .removeIf(key ->
                        key.startsWith("message:" + thread + ":")
                                || key.startsWith("thread_member:" + thread + ":"));
        return remove("thread:" + thread);
    }

    private Optional<JsonElement> threadListSync(JsonObject d, String guild) {
        Set<String> parents = new TreeSet<>();
        if (d.has("channel_ids")) {
            d.getAsJsonArray("channel_ids").forEach(id -> parents.add(id.getAsString()));
        }
        Set<String> listed = new TreeSet<>();
        if (objects.containsKey("guild:" + guild)) {
            each(d, "threads", one -> listed.add("thread:" + text(one, "id")));
        }
        Map<String, JsonElement> before = new TreeMap<>();
        for (Map.Entry<String, Held> one : List.copyOf(objects.entrySet())) {
            boolean concerns =
                    one.getKey().startsWith("thread:")
                            && one.getValue().guild().equals(guild)
                            && (!d.has("channel_ids")
                                    || parents.contains(text(one.getValue().value(), "parent_id")));
            if (concerns) {
                before.put(one.getKey(), one.getValue().value().deepCopy());
                if (!listed.contains(one.getKey()) || !config.parts().contains(Part.THREADS)) {
                    threadGone(one.getKey().substring(7));
                }
            }
        }
        each(d, "threads", one -> create("thread:" + text(one, "id"), one, guild));
        return array(before.values());
    }

    private Optional<JsonElement> threadMembers(JsonObject d, String guild) {
        String thread = text(d, "id");
        Optional<JsonObject> known = known("thread:" + thread);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        JsonElement old = known.get().deepCopy();
        known.get().add("member_count", d.get("member_count"));
        objects.put("thread:" + thread, new Held(known.get(), guild));
        each(
                d,
                "added_members",
                one -> {
                    create("thread_member:" + thread + ":" + text(one, "user_id"), one, guild);
                    seen(one, guild);
                });
        if (d.has("removed_member_ids")) {
            d.getAsJsonArray("removed_member_ids")
                    .forEach(id -> remove("thread_member:" + thread + ":" + id.getAsString()));
        }
        return Optional.of(old);
    }

    private Optional<JsonElement> wholeSet(String kind, String guild, JsonArray all) {
        Map<String, JsonElement> before = new TreeMap<>();
        for (String key : List.copyOf(objects.keySet())) {
            if (key.startsWith(kind + ":" + guild + ":")) {
                before.put(key, objects.remove(key).value());
            }
        }
        all.forEach(one ->
                create(childKey(kind, guild, one.getAsJsonObject()), one.getAsJsonObject(), guild));
        return array(before.values());
    }

    private Optional<JsonElement> memberUpdate(JsonObject d, String guild) {
        String key = "member:" + guild + ":" + user(d);
        return merge(key, d, guild, !text(d, "joined_at").isEmpty());
    }

    private Optional<JsonElement> memberRemove(JsonObject d, String guild) {
        if (user(d).equals(botId)) {
            return Optional.empty();
        }
        count(guild, -1);
        remove("presence:" + guild + ":" + user(d));
        remove("voice:" + guild + ":" + user(d));
        objects.entrySet()
                .removeIf(one ->
                        one.getKey().matches("thread_member:.*:" + user(d))
                                && one.getValue().guild().equals(guild));
        return remove("member:" + guild + ":" + user(d));
    }

    private Optional<JsonElement> messageUpdate(JsonObject d, String guild) {
        return merge(message(d, text(d, "id")), d, guild, false);
    }

    private Optional<JsonElement> merge(String key, JsonObject d, String guild, boolean creates) {
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

    private Optional<JsonElement> bulk(JsonObject d) {
        List<JsonElement> before = new ArrayList<>();
        d.getAsJsonArray("ids")
                .forEach(id -> remove(message(d, id.getAsString())).ifPresent(before::add));
        return array(before);
    }

    private Optional<JsonElement> patch(JsonObject d, String idField, String field) {
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

    private Optional<JsonElement> channelInfo(JsonObject d) {
        List<JsonElement> before = new ArrayList<>();
        each(
                d,
                "channels",
                one ->
                        change("channel:" + text(one, "id"), "status", one.get("status"))
                                .ifPresent(before::add));
        return array(before);
    }

    /** Sets a field of a known object and tells the object as it was. */
    private Optional<JsonElement> change(String key, String field, JsonElement to) {
        Optional<JsonObject> known = known(key);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        JsonElement old = known.get().deepCopy();
        known.get().add(field, to);
        objects.put(key, new Held(known.get(), objects.get(key).guild()));
        return Optional.of(old);
    }

    private void newPost(JsonObject d) {
        String parent = "channel:" + text(d, "parent_id");
        boolean forum =
                known(parent)
                        .filter(one -> one.has("type") && one.get("type").getAsInt() == 15)
                        .isPresent();
        if (forum && d.has("newly_created") && d.get("newly_created").getAsBoolean()) {
            change(parent, "last_message_id", d.get("id"));
        }
    }

    private Optional<JsonElement> ownThreadMember(JsonObject d, String guild) {
        return objects.containsKey("guild:" + guild)
                ? change("thread:" + text(d, "id"), "member", d)
                : Optional.empty();
    }

    private void withoutRole(String guild, String role) {
        for (String key : List.copyOf(objects.keySet())) {
            if (key.matches("(member|emoji):" + guild + ":.*")) {
                JsonObject value = objects.get(key).value();
                if (value.has("roles")) {
                    JsonArray roles = new JsonArray();
                    value.getAsJsonArray("roles").asList().stream()
                            .filter(one -> !one.getAsString().equals(role))
                            .forEach(roles::add);
                    change(key, "roles", roles);
                }
            }
        }
    }

    private Optional<JsonElement> presence(JsonObject d, String guild) {
        return text(d, "status").equals("offline")
                ? remove("presence:" + guild + ":" + user(d))
                : replace("presence:" + guild + ":" + user(d), d, guild);
    }

    /** A member inside another object. */
    private void seen(JsonObject holder, String guild) {
        if (!holder.has("member") || !holder.getAsJsonObject("member").has("joined_at")) {
            return;
        }
        JsonObject member = holder.getAsJsonObject("member").deepCopy();
        String key = "member:" + guild + ":" + user(member);
        if (objects.containsKey(key)) {
            member.remove("mute");
            member.remove("deaf");
        }
        merge(key, member, guild, true);
    }

    private void lastMessage(JsonObject d, String guild) {
        String channel = text(d, "channel_id");
        if (!guild.isEmpty()) {
            for (String kind : List.of("channel:", "thread:")) {
                change(kind + channel, "last_message_id", d.get("id"));
            }
        } else if (d.get("channel_type").getAsInt() == 1) {
            String key = "dm_channel:" + channel;
            JsonObject author = d.getAsJsonObject("author");
            boolean own = text(author, "id").equals(botId);
            if (own && !objects.containsKey(key)) {
                return;
            }
            JsonObject value = known(key).orElseGet(JsonObject::new);
            value.addProperty("id", channel);
            value.addProperty("type", 1);
            value.add("last_message_id", d.get("id"));
            if (!own) {
                JsonArray recipients = new JsonArray();
                recipients.add(author);
                value.add("recipients", recipients);
            }
            create(key, value, "");
        }
    }

    private Optional<JsonElement> interested(JsonObject d, String guild, int difference) {
        String key = "event:" + guild + ":" + text(d, "guild_scheduled_event_id");
        return known(key)
                .filter(event -> event.has("user_count"))
                .flatMap(event -> {
                    int count = event.get("user_count").getAsInt() + difference;
                    return change(key, "user_count", new JsonPrimitive(Math.max(0, count)));
                });
    }

    private Optional<JsonElement> sounds(JsonObject d, String guild) {
        List<JsonElement> before = new ArrayList<>();
        each(
                d,
                "soundboard_sounds",
                one ->
                        replace("soundboard:" + guild + ":" + text(one, "sound_id"), one, guild)
                                .ifPresent(before::add));
        return array(before);
    }

    private void count(String guild, int difference) {
        known("guild:" + guild)
                .filter(value -> value.has("member_count"))
                .ifPresent(value -> {
                    int count = value.get("member_count").getAsInt() + difference;
                    value.add("member_count", new JsonPrimitive(Math.max(0, count)));
                    objects.put("guild:" + guild, new Held(value, guild));
                });
    }

    private Optional<JsonElement> create(String key, JsonObject d, String guild) {
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

    private Optional<JsonElement> replace(
            String key, JsonObject d, String guild, String... keptFields) {
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

    private Optional<JsonElement> remove(String key) {
        return Optional.ofNullable(objects.remove(key)).map(Held::value);
    }

    private JsonElement knownBefore = JsonNull.INSTANCE;

    private Optional<JsonObject> known(String key) {
        Optional<JsonObject> known =
                Optional.ofNullable(objects.get(key)).map(held -> held.value().deepCopy());
        known.ifPresent(value -> knownBefore = value.deepCopy());
        return known;
    }

    private boolean keeps(String key) {
        String kind = key.split(":")[0];
        return switch (kind) {
            case "member" -> key.endsWith(":" + botId) || config.parts().contains(Part.MEMBERS);
            case "thread_member" ->
                    config.parts().containsAll(Set.of(Part.THREADS, Part.THREAD_MEMBERS));
            default -> !PARTS.containsKey(kind) || config.parts().contains(PARTS.get(kind));
        };
    }

    private static void addDefaults(String kind, JsonObject value) {
        GSON.fromJson(DEFAULTS.getOrDefault(kind, "{}"), JsonObject.class)
                .entrySet()
                .forEach(field -> {
                    if (!value.has(field.getKey())) {
                        value.add(field.getKey(), field.getValue());
                    }
                });
    }

    private static void each(
            JsonObject d, String array, java.util.function.Consumer<JsonObject> action) {
        if (d.has(array)) {
            d.getAsJsonArray(array).forEach(one -> action.accept(one.getAsJsonObject()));
        }
    }

    private static Optional<JsonElement> array(Iterable<JsonElement> elements) {
        JsonArray array = new JsonArray();
        elements.forEach(array::add);
        return array.isEmpty() ? Optional.empty() : Optional.of(array);
    }

    private static String message(JsonObject d, String id) {
        return "message:" + text(d, "channel_id") + ":" + id;
    }

    private static String user(JsonObject d) {
        return text(d.getAsJsonObject("user"), "id");
    }

    private static String text(JsonObject d, String field) {
        return d.has(field) && d.get(field).isJsonPrimitive() ? d.get(field).getAsString() : "";
    }
}
