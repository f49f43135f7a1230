package loom.dispatch.cache;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import java.util.Map;
import java.util.Optional;

/** The model rules for members, presences, voice states and the bot's user. */
final class ModelMembers {
    private final ModelObjects trees;

    ModelMembers(ModelObjects trees) {
        this.trees = trees;
    }

    Map<String, ReferenceStateModel.Rule> rules() {
        return Map.of(
                "GUILD_MEMBER_ADD", this::memberAdd,
                "GUILD_MEMBER_UPDATE", this::memberUpdate,
                "GUILD_MEMBER_REMOVE", this::memberRemove,
                "GUILD_MEMBERS_CHUNK", this::chunk,
                "PRESENCE_UPDATE", this::presence,
                "VOICE_STATE_UPDATE", this::voice,
                "USER_UPDATE", (d, _) -> trees.botUser(d));
    }

    private Optional<JsonElement> memberAdd(JsonObject d, String guild) {
        String key = "member:" + guild + ":" + ModelObjects.user(d);
        if (!trees.has(key)) {
            count(guild, 1);
        }
        return trees.create(key, d, guild);
    }

    private Optional<JsonElement> chunk(JsonObject d, String guild) {
        ModelObjects.each(
                d,
                "members",
                one -> trees.create("member:" + guild + ":" + ModelObjects.user(one), one, guild));
        ModelObjects.each(d, "presences", one -> presence(one, guild));
        return Optional.empty();
    }

    private Optional<JsonElement> voice(JsonObject d, String guild) {
        String key = "voice:" + guild + ":" + ModelObjects.text(d, "user_id");
        if (d.get("channel_id").isJsonNull()) {
            return trees.remove(key);
        }
        seen(d, guild);
        return trees.replace(key, d, guild);
    }

    private Optional<JsonElement> memberUpdate(JsonObject d, String guild) {
        String key = "member:" + guild + ":" + ModelObjects.user(d);
        return trees.merge(key, d, guild, !ModelObjects.text(d, "joined_at").isEmpty());
    }

    private Optional<JsonElement> memberRemove(JsonObject d, String guild) {
        if (ModelObjects.user(d).equals(trees.botId())) {
            return Optional.empty();
        }
        count(guild, -1);
        trees.remove("presence:" + guild + ":" + ModelObjects.user(d));
        trees.remove("voice:" + guild + ":" + ModelObjects.user(d));
        trees.objects()
                .entrySet()
                .removeIf(one ->
                        one.getKey().matches("thread_member:.*:" + ModelObjects.user(d))
                                && one.getValue().guild().equals(guild));
        return trees.remove("member:" + guild + ":" + ModelObjects.user(d));
    }

    private Optional<JsonElement> presence(JsonObject d, String guild) {
        return ModelObjects.text(d, "status").equals("offline")
                ? trees.remove("presence:" + guild + ":" + ModelObjects.user(d))
                : trees.replace("presence:" + guild + ":" + ModelObjects.user(d), d, guild);
    }

    /** Stores a member that another object contains. */
    void seen(JsonObject holder, String guild) {
        if (!holder.has("member") || !holder.getAsJsonObject("member").has("joined_at")) {
            return;
        }
        JsonObject member = holder.getAsJsonObject("member").deepCopy();
        String key = "member:" + guild + ":" + ModelObjects.user(member);
        if (trees.objects().containsKey(key)) {
            member.remove("mute");
            member.remove("deaf");
        }
        trees.merge(key, member, guild, true);
    }

    private void count(String guild, int difference) {
        trees.known("guild:" + guild)
                .filter(value -> value.has("member_count"))
                .ifPresent(value -> {
                    int count = value.get("member_count").getAsInt() + difference;
                    value.add("member_count", new JsonPrimitive(Math.max(0, count)));
                    trees.objects().put("guild:" + guild, new ModelObjects.Held(value, guild));
                });
    }
}
