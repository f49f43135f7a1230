package loom.dispatch.cache;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A shard's life by chance, from a seed: events about few ids, so that they meet often, and among
 * them events about what is unknown or gone. Sessions begin with READY.
 */
final class RandomHistory {
    static final String BOT = "1";

    /** One event with its place in its session. */
    record Step(String session, long sequence, String type, JsonObject data) {
        CacheEvent event() {
            return new CacheEvent(session, sequence, type, Probe.utf8(data.toString()));
        }
    }

    private static final List<String> TYPES =
            List.of(
                    "GUILD_CREATE",
                    "GUILD_CREATE",
                    "GUILD_CREATE",
                    "GUILD_UPDATE",
                    "GUILD_DELETE",
                    "CHANNEL_CREATE",
                    "CHANNEL_UPDATE",
                    "CHANNEL_DELETE",
                    "CHANNEL_PINS_UPDATE",
                    "VOICE_CHANNEL_STATUS_UPDATE",
                    "THREAD_CREATE",
                    "THREAD_UPDATE",
                    "THREAD_DELETE",
                    "THREAD_LIST_SYNC",
                    "THREAD_MEMBERS_UPDATE",
                    "GUILD_ROLE_CREATE",
                    "GUILD_ROLE_UPDATE",
                    "GUILD_ROLE_DELETE",
                    "GUILD_EMOJIS_UPDATE",
                    "GUILD_STICKERS_UPDATE",
                    "GUILD_MEMBER_ADD",
                    "GUILD_MEMBER_UPDATE",
                    "GUILD_MEMBER_REMOVE",
                    "GUILD_MEMBERS_CHUNK",
                    "PRESENCE_UPDATE",
                    "PRESENCE_UPDATE",
                    "VOICE_STATE_UPDATE",
                    "MESSAGE_CREATE",
                    "MESSAGE_CREATE",
                    "MESSAGE_CREATE",
                    "MESSAGE_UPDATE",
                    "MESSAGE_DELETE",
                    "MESSAGE_DELETE_BULK",
                    "GUILD_SCHEDULED_EVENT_CREATE",
                    "STAGE_INSTANCE_CREATE",
                    "STAGE_INSTANCE_DELETE",
                    "USER_UPDATE",
                    "TYPING_START");

    private final RandomGenerator random;
    private String session = "none";
    private long sequence;

    RandomHistory(long seed) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    List<Step> steps(int length) {
        List<Step> steps = new ArrayList<>();
        while (steps.size() < length) {
            boolean begins = steps.isEmpty() || random.nextInt(60) == 0;
            if (begins) {
                session = "s" + random.nextInt(1_000_000);
                sequence = 0;
            }
            String type = begins ? "READY" : TYPES.get(random.nextInt(TYPES.size()));
            steps.add(new Step(session, ++sequence, type, data(type)));
        }
        return steps;
    }

    private JsonObject data(String type) {
        return switch (type) {
            case "READY" -> ready();
            case "GUILD_CREATE" -> random.nextInt(8) == 0 ? unavailable(guild()) : guildCreate();
            case "GUILD_UPDATE" -> with(object(guild()), "name", word());
            case "GUILD_DELETE" -> random.nextBoolean() ? unavailable(guild()) : object(guild());
            case "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE" -> channel();
            case "CHANNEL_PINS_UPDATE" -> pins();
            case "VOICE_CHANNEL_STATUS_UPDATE" -> with(channel(), "status", word());
            case "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE" -> thread();
            case "THREAD_LIST_SYNC" -> threadList();
            case "THREAD_MEMBERS_UPDATE" -> threadMembers();
            case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE" -> nested("role", named(small()));
            case "GUILD_ROLE_DELETE" ->
                    with(in(guild(), new JsonObject()), "role_id", text(small()));
            case "GUILD_EMOJIS_UPDATE" -> nestedArray("emojis");
            case "GUILD_STICKERS_UPDATE" -> nestedArray("stickers");
            case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE" -> in(guild(), member());
            case "GUILD_MEMBER_REMOVE" -> in(guild(), with(new JsonObject(), "user", user()));
            case "GUILD_MEMBERS_CHUNK" -> {
                JsonArray members = new JsonArray();
                members.add(member());
                members.add(member());
                yield with(in(guild(), new JsonObject()), "members", members);
            }
            case "PRESENCE_UPDATE" -> in(guild(), presence());
            case "VOICE_STATE_UPDATE" -> in(guild(), voice());
            case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE" -> message();
            case "MESSAGE_DELETE_BULK" -> bulk();
            case "GUILD_SCHEDULED_EVENT_CREATE", "STAGE_INSTANCE_CREATE", "STAGE_INSTANCE_DELETE" ->
                    in(guild(), with(object(small()), "channel_id", text(channelId())));
            case "USER_UPDATE" -> with(object(BOT), "name", word());
            default -> with(new JsonObject(), "user_id", text(small()));
        };
    }

    private JsonObject ready() {
        JsonArray guilds = new JsonArray();
        for (int i = 1; i <= 3; i++) {
            if (random.nextInt(4) > 0) {
                guilds.add(unavailable(Integer.toString(i)));
            }
        }
        JsonObject self = object(BOT);
        return with(with(new JsonObject(), "user", self), "guilds", guilds);
    }

    private JsonObject guildCreate() {
        JsonObject guild = with(object(guild()), "name", word());
        guild.addProperty("member_count", random.nextInt(10));
        String id = guild.get("id").getAsString();
        for (String array : List.of("roles", "emojis", "stickers", "stage_instances")) {
            guild.add(array, named());
        }
        JsonArray channels = new JsonArray();
        JsonArray threads = new JsonArray();
        JsonArray members = new JsonArray();
        JsonArray presences = new JsonArray();
        JsonArray voices = new JsonArray();
        for (int i = random.nextInt(4); i > 0; i--) {
            JsonObject channel = with(object(ofGuild(id, small())), "name", word());
            channels.add(channel);
            JsonObject thread = with(object(ofGuild(id, "9" + small())), "name", word());
            threads.add(with(thread, "parent_id", channel.get("id")));
            members.add(member());
            presences.add(presence());
            voices.add(voice());
        }
        guild.add("channels", channels);
        guild.add("threads", threads);
        guild.add("members", members);
        guild.add("presences", presences);
        guild.add("voice_states", voices);
        return guild;
    }

    private JsonObject channel() {
        String guild = guild();
        JsonObject channel = with(object(ofGuild(guild, small())), "name", word());
        return in(guild, channel);
    }

    private JsonObject pins() {
        String guild = guild();
        JsonObject pins =
                with(in(guild, new JsonObject()), "channel_id", text(ofGuild(guild, small())));
        return random.nextBoolean() ? pins : with(pins, "last_pin_timestamp", word());
    }

    private JsonObject thread() {
        String guild = guild();
        JsonObject metadata = new JsonObject();
        metadata.addProperty("archived", random.nextInt(3) == 0);
        JsonObject thread = with(object(ofGuild(guild, "9" + small())), "name", word());
        with(thread, "parent_id", text(ofGuild(guild, small())));
        return in(guild, with(thread, "thread_metadata", metadata));
    }

    private JsonObject threadList() {
        JsonObject first = thread();
        String guild = first.get("guild_id").getAsString();
        JsonArray threads = new JsonArray();
        threads.add(first);
        JsonObject list = with(in(guild, new JsonObject()), "threads", threads);
        if (random.nextBoolean()) {
            JsonArray channels = new JsonArray();
            channels.add(first.get("parent_id"));
            with(list, "channel_ids", channels);
        }
        return list;
    }

    private JsonObject threadMembers() {
        JsonArray added = new JsonArray();
        added.add(with(new JsonObject(), "user_id", text("2" + small())));
        JsonArray removed = new JsonArray();
        removed.add("2" + small());
        String guild = guild();
        JsonObject update = in(guild, object(ofGuild(guild, "9" + small())));
        update.addProperty("member_count", random.nextInt(50));
        return with(with(update, "added_members", added), "removed_member_ids", removed);
    }

    private JsonObject member() {
        JsonObject member = with(new JsonObject(), "user", user());
        if (random.nextBoolean()) {
            with(member, "joined_at", word());
        }
        return random.nextBoolean() ? member : with(member, "nick", word());
    }

    private JsonObject presence() {
        JsonPrimitive status = text(random.nextInt(3) == 0 ? "offline" : "online");
        return with(with(new JsonObject(), "user", user()), "status", status);
    }

    private JsonObject voice() {
        JsonObject voice = with(new JsonObject(), "user_id", text(small()));
        return random.nextInt(3) == 0
                ? with(voice, "channel_id", com.google.gson.JsonNull.INSTANCE)
                : with(voice, "channel_id", text(channelId()));
    }

    private JsonObject message() {
        String guild = guild();
        JsonObject message = with(object(small()), "content", word());
        boolean direct = random.nextInt(6) == 0;
        with(message, "channel_id", text(direct ? "777" : anyChannel(guild)));
        return direct ? message : in(guild, message);
    }

    private JsonObject bulk() {
        String guild = guild();
        JsonArray ids = new JsonArray();
        ids.add(small());
        ids.add("6");
        JsonObject bulk = with(in(guild, new JsonObject()), "ids", ids);
        return with(bulk, "channel_id", text(anyChannel(guild)));
    }

    private String anyChannel(String guild) {
        return ofGuild(guild, random.nextBoolean() ? small() : "9" + small());
    }

    private JsonObject user() {
        return with(object(random.nextInt(6) == 0 ? BOT : small()), "username", word());
    }

    private JsonArray named() {
        JsonArray array = new JsonArray();
        for (int i = 2; i < 5; i++) {
            if (random.nextBoolean()) {
                array.add(named(Integer.toString(i)));
            }
        }
        return array;
    }

    private JsonObject named(String id) {
        return with(object(id), "name", word());
    }

    private JsonObject nested(String field, JsonObject object) {
        return with(in(guild(), new JsonObject()), field, object);
    }

    private JsonObject nestedArray(String field) {
        return with(in(guild(), new JsonObject()), field, named());
    }

    private static JsonObject unavailable(String guild) {
        return with(object(guild), "unavailable", new JsonPrimitive(true));
    }

    private static JsonObject object(String id) {
        return with(new JsonObject(), "id", text(id));
    }

    private static JsonObject in(String guild, JsonObject object) {
        return with(object, "guild_id", text(guild));
    }

    private static JsonObject with(JsonObject object, String name, JsonElement value) {
        object.add(name, value);
        return object;
    }

    private JsonPrimitive word() {
        return text("w" + random.nextInt(1_000) + (random.nextInt(5) == 0 ? "\"\\\u00e9\n" : ""));
    }

    private static JsonPrimitive text(String value) {
        return new JsonPrimitive(value);
    }

    private String guild() {
        return Integer.toString(1 + random.nextInt(4));
    }

    private String channelId() {
        return ofGuild(guild(), small());
    }

    /** Channels have ids of their own: one belongs to one guild for ever. */
    private static String ofGuild(String guild, String id) {
        return "5" + guild + id;
    }

    private String small() {
        return Integer.toString(2 + random.nextInt(4));
    }
}
