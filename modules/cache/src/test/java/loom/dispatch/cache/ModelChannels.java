package loom.dispatch.cache;

import static java.util.Map.entry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import loom.dispatch.cache.StateConfig.Part;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The model rules for channels, threads and messages. */
final class ModelChannels {
    private final ModelObjects trees;
    private final ModelMembers members;

    ModelChannels(ModelObjects trees, ModelMembers members) {
        this.trees = trees;
        this.members = members;
    }

    Map<String, ReferenceStateModel.Rule> rules() {
        return Map.ofEntries(
                entry("CHANNEL_CREATE", (d, guild) -> trees.create(channel(d), d, guild)),
                entry(
                        "CHANNEL_UPDATE",
                        (d, guild) ->
                                trees.replace(
                                        channel(d),
                                        d,
                                        guild,
                                        "status",
                                        "voice_start_time",
                                        "last_message_id")),
                entry(
                        "CHANNEL_DELETE",
                        (d, guild) -> channelDelete(ModelObjects.text(d, "id"), guild)),
                entry(
                        "CHANNEL_PINS_UPDATE",
                        (d, _) -> trees.patch(d, "channel_id", "last_pin_timestamp")),
                entry("VOICE_CHANNEL_STATUS_UPDATE", (d, _) -> trees.patch(d, "id", "status")),
                entry(
                        "VOICE_CHANNEL_START_TIME_UPDATE",
                        (d, _) -> trees.patch(d, "id", "voice_start_time")),
                entry("CHANNEL_INFO", (d, _) -> channelInfo(d)),
                entry("THREAD_CREATE", this::threadCreate),
                entry("THREAD_MEMBER_UPDATE", this::ownThreadMember),
                entry("THREAD_UPDATE", this::threadUpdate),
                entry("THREAD_DELETE", (d, _) -> threadGone(ModelObjects.text(d, "id"))),
                entry("THREAD_LIST_SYNC", this::threadListSync),
                entry("THREAD_MEMBERS_UPDATE", this::threadMembers),
                entry("MESSAGE_CREATE", this::messageCreate),
                entry("MESSAGE_UPDATE", this::messageUpdate),
                entry(
                        "MESSAGE_DELETE",
                        (d, _) -> trees.remove(message(d, ModelObjects.text(d, "id")))),
                entry("MESSAGE_DELETE_BULK", (d, _) -> bulk(d)));
    }

    private static String channel(JsonObject d) {
        return "channel:" + ModelObjects.text(d, "id");
    }

    private Optional<JsonElement> threadCreate(JsonObject d, String guild) {
        newPost(d);
        trees.replace("thread:" + ModelObjects.text(d, "id"), d, guild, "member");
        return Optional.empty();
    }

    private Optional<JsonElement> threadUpdate(JsonObject d, String guild) {
        String id = ModelObjects.text(d, "id");
        return d.getAsJsonObject("thread_metadata").get("archived").getAsBoolean()
                ? threadGone(id)
                : trees.replace("thread:" + id, d, guild, "member", "last_message_id");
    }

    private Optional<JsonElement> messageCreate(JsonObject d, String guild) {
        trees.create(message(d, ModelObjects.text(d, "id")), d, guild);
        lastMessage(d, guild);
        return Optional.empty();
    }

    private Optional<JsonElement> channelDelete(String channel, String guild) {
        for (String key : List.copyOf(trees.objects().keySet())) {
            JsonObject value =
                    trees.objects().containsKey(key) ? trees.objects().get(key).value() : null;
            if (value == null || !trees.objects().get(key).guild().equals(guild)) {
                continue;
            }
            if (key.startsWith("thread:")
                    && ModelObjects.text(value, "parent_id").equals(channel)) {
                threadGone(key.substring(7));
            } else if (key.matches("(voice|event|stage):.*")
                    && ModelObjects.text(value, "channel_id").equals(channel)) {
                trees.objects().remove(key);
            }
        }
        trees.objects().keySet().removeIf(key -> key.startsWith("message:" + channel + ":"));
        return trees.remove("channel:" + channel);
    }

    private Optional<JsonElement> threadGone(String thread) {
        trees.objects()
                .keySet()
                .removeIf(key ->
                        key.startsWith("message:" + thread + ":")
                                || key.startsWith("thread_member:" + thread + ":"));
        return trees.remove("thread:" + thread);
    }

    private Optional<JsonElement> threadListSync(JsonObject d, String guild) {
        Set<String> parents = new TreeSet<>();
        if (d.has("channel_ids")) {
            d.getAsJsonArray("channel_ids").forEach(id -> parents.add(id.getAsString()));
        }
        Set<String> listed = new TreeSet<>();
        if (trees.objects().containsKey("guild:" + guild)) {
            ModelObjects.each(
                    d, "threads", one -> listed.add("thread:" + ModelObjects.text(one, "id")));
        }
        Map<String, JsonElement> before = new TreeMap<>();
        for (Map.Entry<String, ModelObjects.Held> one : List.copyOf(trees.objects().entrySet())) {
            boolean concerns =
                    one.getKey().startsWith("thread:")
                            && one.getValue().guild().equals(guild)
                            && (!d.has("channel_ids")
                                    || parents.contains(
                                            ModelObjects.text(
                                                    one.getValue().value(), "parent_id")));
            if (concerns) {
                before.put(one.getKey(), one.getValue().value().deepCopy());
                if (!listed.contains(one.getKey())
                        || !trees.config().parts().contains(Part.THREADS)) {
                    threadGone(one.getKey().substring(7));
                }
            }
        }
        ModelObjects.each(
                d,
                "threads",
                one -> trees.create("thread:" + ModelObjects.text(one, "id"), one, guild));
        return ModelObjects.array(before.values());
    }

    private Optional<JsonElement> threadMembers(JsonObject d, String guild) {
        String thread = ModelObjects.text(d, "id");
        Optional<JsonObject> known = trees.known("thread:" + thread);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        JsonElement old = known.get().deepCopy();
        known.get().add("member_count", d.get("member_count"));
        trees.objects().put("thread:" + thread, new ModelObjects.Held(known.get(), guild));
        ModelObjects.each(
                d,
                "added_members",
                one -> {
                    trees.create(
                            "thread_member:" + thread + ":" + ModelObjects.text(one, "user_id"),
                            one,
                            guild);
                    members.seen(one, guild);
                });
        if (d.has("removed_member_ids")) {
            d.getAsJsonArray("removed_member_ids")
                    .forEach(
                            id -> trees.remove("thread_member:" + thread + ":" + id.getAsString()));
        }
        return Optional.of(old);
    }

    private Optional<JsonElement> channelInfo(JsonObject d) {
        List<JsonElement> before = new ArrayList<>();
        ModelObjects.each(
                d,
                "channels",
                one ->
                        trees.change(
                                        "channel:" + ModelObjects.text(one, "id"),
                                        "status",
                                        one.get("status"))
                                .ifPresent(before::add));
        return ModelObjects.array(before);
    }

    private void newPost(JsonObject d) {
        String parent = "channel:" + ModelObjects.text(d, "parent_id");
        boolean forum =
                trees.known(parent)
                        .filter(one -> one.has("type") && one.get("type").getAsInt() == 15)
                        .isPresent();
        if (forum && d.has("newly_created") && d.get("newly_created").getAsBoolean()) {
            trees.change(parent, "last_message_id", d.get("id"));
        }
    }

    private Optional<JsonElement> ownThreadMember(JsonObject d, String guild) {
        return trees.objects().containsKey("guild:" + guild)
                ? trees.change("thread:" + ModelObjects.text(d, "id"), "member", d)
                : Optional.empty();
    }

    private Optional<JsonElement> messageUpdate(JsonObject d, String guild) {
        return trees.merge(message(d, ModelObjects.text(d, "id")), d, guild, false);
    }

    private Optional<JsonElement> bulk(JsonObject d) {
        List<JsonElement> before = new ArrayList<>();
        d.getAsJsonArray("ids")
                .forEach(id -> trees.remove(message(d, id.getAsString())).ifPresent(before::add));
        return ModelObjects.array(before);
    }

    private void lastMessage(JsonObject d, String guild) {
        String channel = ModelObjects.text(d, "channel_id");
        if (!guild.isEmpty()) {
            for (String kind : List.of("channel:", "thread:")) {
                trees.change(kind + channel, "last_message_id", d.get("id"));
            }
        } else if (d.get("channel_type").getAsInt() == 1) {
            String key = "dm_channel:" + channel;
            JsonObject author = d.getAsJsonObject("author");
            boolean own = ModelObjects.text(author, "id").equals(trees.botId());
            if (own && !trees.objects().containsKey(key)) {
                return;
            }
            JsonObject value = trees.known(key).orElseGet(JsonObject::new);
            value.addProperty("id", channel);
            value.addProperty("type", 1);
            value.add("last_message_id", d.get("id"));
            if (!own) {
                JsonArray recipients = new JsonArray();
                recipients.add(author);
                value.add("recipients", recipients);
            }
            trees.create(key, value, "");
        }
    }

    private static String message(JsonObject d, String id) {
        return "message:" + ModelObjects.text(d, "channel_id") + ":" + id;
    }
}
