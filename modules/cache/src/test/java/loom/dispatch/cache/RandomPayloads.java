package loom.dispatch.cache;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Generates the payloads of a {@link RandomHistory}: few ids, some of them unknown. */
final class RandomPayloads {
    /** A channel of direct messages. */
    private static final String DIRECT = "777";

    private static final String BOT = RandomHistory.BOT;

    /** The last guild, which no READY lists. */
    private static final int NEVER_ANNOUNCED = 6;

    private final RandomGenerator random;
    private final int shard;
    private final int shardsTotal;

    /** Payloads for one shard: only its guilds occur. */
    RandomPayloads(RandomGenerator random, int shard, int shardsTotal) {
        this.random = random;
        this.shard = shard;
        this.shardsTotal = shardsTotal;
    }

    /** The {@code d} of one event. */
    JsonObject of(String type) {
        return switch (type) {
            case "READY" -> ready();
            case "GUILD_CREATE" ->
                    random.nextInt(8) == 0 ? unavailable(guild()) : guildCreate(guild());
            case "GUILD_UPDATE" -> with(object(guild()), "name", word());
            case "GUILD_DELETE" -> random.nextBoolean() ? unavailable(guild()) : object(guild());
            case "CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE" -> channel();
            case "CHANNEL_PINS_UPDATE" -> pins();
            case "VOICE_CHANNEL_START_TIME_UPDATE" -> with(channel(), "voice_start_time", word());
            case "CHANNEL_INFO" -> channelInfo();
            case "THREAD_MEMBER_UPDATE" -> ownThreadMember();
            case "VOICE_CHANNEL_STATUS_UPDATE" -> with(channel(), "status", word());
            case "THREAD_CREATE" -> with(thread(), "newly_created", flag());
            case "THREAD_UPDATE", "THREAD_DELETE" -> thread();
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
                JsonArray presences = new JsonArray();
                presences.add(presence());
                JsonObject chunk = with(in(guild(), new JsonObject()), "members", members);
                yield with(chunk, "presences", presences);
            }
            case "PRESENCE_UPDATE" -> in(guild(), presence());
            case "VOICE_STATE_UPDATE" -> in(guild(), voice());
            case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE" -> message();
            case "MESSAGE_DELETE_BULK" -> bulk();
            case "STAGE_INSTANCE_CREATE", "STAGE_INSTANCE_UPDATE", "STAGE_INSTANCE_DELETE" ->
                    in(guild(), with(object(small()), "channel_id", text(channelId())));
            case "GUILD_SCHEDULED_EVENT_CREATE",
                    "GUILD_SCHEDULED_EVENT_UPDATE",
                    "GUILD_SCHEDULED_EVENT_DELETE" ->
                    scheduled();
            case "GUILD_SCHEDULED_EVENT_USER_ADD", "GUILD_SCHEDULED_EVENT_USER_REMOVE" ->
                    in(guild(), with(new JsonObject(), "guild_scheduled_event_id", text(small())));
            case "GUILD_SOUNDBOARD_SOUND_CREATE",
                    "GUILD_SOUNDBOARD_SOUND_UPDATE",
                    "GUILD_SOUNDBOARD_SOUND_DELETE" ->
                    in(guild(), sound());
            case "GUILD_SOUNDBOARD_SOUNDS_UPDATE", "SOUNDBOARD_SOUNDS" ->
                    with(in(guild(), new JsonObject()), "soundboard_sounds", sounds());
            case "USER_UPDATE" -> with(object(BOT), "name", word());
            default -> with(new JsonObject(), "user_id", text(small()));
        };
    }

    private JsonObject ready() {
        JsonArray guilds = new JsonArray();
        for (String guild : ownGuilds()) {
            if (random.nextInt(4) > 0 && !guild.equals(guild(NEVER_ANNOUNCED))) {
                guilds.add(unavailable(guild));
            }
        }
        JsonArray place = new JsonArray();
        place.add(shard);
        place.add(shardsTotal);
        JsonObject ready = with(new JsonObject(), "user", object(BOT));
        return with(with(ready, "guilds", guilds), "shard", place);
    }

    /** A complete guild. */
    JsonObject guildCreate(String guildId) {
        JsonObject guild = with(object(guildId), "name", word());
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
        guild.add("soundboard_sounds", sounds());
        return guild;
    }

    private JsonObject channel() {
        String guild = guild();
        JsonObject channel = with(object(ofGuild(guild, small())), "name", word());
        channel.addProperty("type", random.nextBoolean() ? 15 : 0);
        return in(guild, channel);
    }

    private JsonObject channelInfo() {
        String guild = guild();
        JsonArray channels = new JsonArray();
        channels.add(with(object(ofGuild(guild, small())), "status", word()));
        return with(in(guild, new JsonObject()), "channels", channels);
    }

    private JsonObject ownThreadMember() {
        String guild = guild();
        return in(guild, with(object(ofGuild(guild, "9" + small())), "user_id", text(BOT)));
    }

    private JsonObject scheduled() {
        JsonObject event = with(object(small()), "channel_id", text(channelId()));
        event.addProperty("status", 1 + random.nextInt(4));
        if (random.nextBoolean()) {
            event.addProperty("user_count", random.nextInt(3));
        }
        return in(guild(), event);
    }

    private JsonObject sound() {
        return with(with(new JsonObject(), "sound_id", text(small())), "name", word());
    }

    /** Some distinct sounds. */
    private JsonArray sounds() {
        JsonArray sounds = new JsonArray();
        for (int id = 2; id < 5; id++) {
            if (random.nextBoolean()) {
                JsonObject sound = with(new JsonObject(), "sound_id", text("" + id));
                sounds.add(with(sound, "name", word()));
            }
        }
        return sounds;
    }

    private JsonObject pins() {
        String guild = guild();
        JsonObject pins =
                shard == 0 && random.nextInt(4) == 0
                        ? with(new JsonObject(), "channel_id", text(DIRECT))
                        : with(
                                in(guild, new JsonObject()),
                                "channel_id",
                                text(ofGuild(guild, small())));
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
        JsonObject one = with(new JsonObject(), "user_id", text(small()));
        added.add(random.nextBoolean() ? one : with(one, "member", member()));
        JsonArray removed = new JsonArray();
        removed.add(small());
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
        if (random.nextBoolean()) {
            JsonArray roles = new JsonArray();
            roles.add(small());
            roles.add(small());
            with(member, "roles", roles);
        }
        if (random.nextInt(4) == 0) {
            with(member, "mute", flag());
        }
        return random.nextBoolean() ? member : with(member, "nick", word());
    }

    private JsonObject presence() {
        JsonPrimitive status = text(random.nextInt(3) == 0 ? "offline" : "online");
        return with(with(new JsonObject(), "user", user()), "status", status);
    }

    private JsonObject voice() {
        JsonObject voice = with(new JsonObject(), "user_id", text(small()));
        if (random.nextBoolean()) {
            with(voice, "member", member());
        }
        return random.nextInt(3) == 0
                ? with(voice, "channel_id", JsonNull.INSTANCE)
                : with(voice, "channel_id", text(channelId()));
    }

    private JsonObject message() {
        String guild = guild();
        JsonObject message = with(object(small()), "content", word());
        boolean direct = shard == 0 && random.nextInt(6) == 0;
        with(message, "author", user());
        if (direct) {
            message.addProperty("channel_type", random.nextInt(4) == 0 ? 0 : 1);
            return with(message, "channel_id", text(DIRECT));
        }
        boolean inThread = random.nextBoolean();
        with(message, "channel_id", text(ofGuild(guild, inThread ? "9" + small() : small())));
        if (random.nextBoolean()) {
            message.addProperty("channel_type", inThread ? 11 : 0);
        }
        return in(guild, message);
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

    private JsonPrimitive flag() {
        return new JsonPrimitive(random.nextBoolean());
    }

    private JsonPrimitive word() {
        return text("w" + random.nextInt(1_000) + (random.nextInt(5) == 0 ? "\"\\\u00e9\n" : ""));
    }

    private static JsonPrimitive text(String value) {
        return new JsonPrimitive(value);
    }

    private String guild() {
        List<String> own = ownGuilds();
        return own.get(random.nextInt(own.size()));
    }

    private List<String> ownGuilds() {
        return IntStream.rangeClosed(1, NEVER_ANNOUNCED)
                .filter(number -> number % shardsTotal == shard)
                .mapToObj(RandomPayloads::guild)
                .toList();
    }

    /** Discord's formula for the shard of a guild id. */
    private static String guild(int number) {
        return Long.toString((long) number << 22);
    }

    private String channelId() {
        return ofGuild(guild(), small());
    }

    /** A channel id always belongs to the same guild. */
    private static String ofGuild(String guild, String id) {
        return "5" + guild + id;
    }

    private String small() {
        return Integer.toString(2 + random.nextInt(4));
    }
}
