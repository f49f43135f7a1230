package loom.dispatch.image.support;

import loom.dispatch.simulator.WorldView;

import redis.clients.jedis.RedisClient;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares the state in Redis with the simulator's world, in both directions:
 *
 * <ul>
 *   <li>Redis has every object of the world with all its fields. It may have more fields, for
 *       example defaults.
 *   <li>Every key in Redis is an object of the world or an index set.
 * </ul>
 */
public final class RedisWorldComparison {
    /** The key prefix of each kind; other kinds are not cached. */
    private static final Map<WorldView.Kind, String> PREFIXES =
            Map.ofEntries(
                    Map.entry(WorldView.Kind.ROLES, "role"),
                    Map.entry(WorldView.Kind.EMOJIS, "emoji"),
                    Map.entry(WorldView.Kind.STICKERS, "sticker"),
                    Map.entry(WorldView.Kind.CHANNELS, "channel"),
                    Map.entry(WorldView.Kind.THREADS, "thread"),
                    Map.entry(WorldView.Kind.MEMBERS, "member"),
                    Map.entry(WorldView.Kind.PRESENCES, "presence"),
                    Map.entry(WorldView.Kind.VOICE_STATES, "voice"),
                    Map.entry(WorldView.Kind.STAGE_INSTANCES, "stage"),
                    Map.entry(WorldView.Kind.SCHEDULED_EVENTS, "event"),
                    Map.entry(WorldView.Kind.SOUNDS, "soundboard"),
                    Map.entry(WorldView.Kind.MESSAGES, "message"));

    private static final Set<String> WITHOUT_GUILD_IN_KEY = Set.of("channel", "thread");
    private static final Set<String> WITH_OWN_SET =
            Set.of("thread", "emoji", "sticker", "soundboard", "event", "stage", "voice");

    /** Prefixes of internal keys, which consumers do not read. */
    private static final List<String> INTERNAL = List.of("gateway_", "message_channels:");

    private final WorldView world;
    private final RedisClient redis;
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Map<?, ?>> objects = new TreeMap<>();
    private final Map<String, Set<String>> sets = new TreeMap<>();
    private final Map<String, String> guildOfThread = new HashMap<>();

    private RedisWorldComparison(WorldView world, RedisClient redis) {
        this.world = world;
        this.redis = redis;
    }

    /** Returns the differences, one a line. Events must be paused and applied. */
    public static List<String> faults(WorldView world, RedisClient redis) {
        RedisWorldComparison comparison = new RedisWorldComparison(world, redis);
        comparison.collectWorld();
        comparison.compareKeys();
        return comparison.faults;
    }

    private void collectWorld() {
        objects.put("bot_user", JsonTrees.of(world.botUser()));
        for (String guild : world.guildIds()) {
            Map<String, Object> value = JsonTrees.of(world.guild(guild));
            value.put("unavailable", world.unavailable(guild));
            value.put("member_count", world.memberCount(guild));
            objects.put("guild:" + guild, value);
            list("guild_keys", "guild:" + guild);
            PREFIXES.forEach((kind, prefix) ->
                    world.objects(guild, kind)
                            .forEach((id, one) -> expect(guild, prefix, id, one)));
        }
    }

    private void expect(String guild, String prefix, String id, String json) {
        Map<String, Object> value = JsonTrees.of(json);
        String key =
                WITHOUT_GUILD_IN_KEY.contains(prefix)
                        ? prefix + ":" + id
                        : prefix + ":" + guild + ":" + id;
        switch (prefix) {
            case "message" -> {
                key = "message:" + value.get("channel_id") + ":" + id;
                list("channel_keys:" + value.get("channel_id"), key);
            }
            case "thread" -> guildOfThread.put(id, guild);
            // Discord sends the member with the update, but not in GUILD_CREATE
            case "voice" -> value.remove("member");
            default -> value.put("guild_id", guild);
        }
        objects.put(key, value);
        list(prefix + "_keys", key);
        if (!prefix.equals("message")) {
            list("guild_keys:" + guild, key);
        }
        if (WITH_OWN_SET.contains(prefix)) {
            list(prefix + "_keys:" + guild, key);
        }
    }

    private void list(String set, String key) {
        sets.computeIfAbsent(set, _ -> new TreeSet<>()).add(key);
    }

    private void compareKeys() {
        Set<String> keys = new TreeSet<>(redis.keys("*"));
        keys.removeIf(key -> INTERNAL.stream().anyMatch(key::startsWith));
        keys.stream().filter(key -> key.startsWith("thread_member:")).forEach(this::threadMember);
        Set<String> all = new TreeSet<>(keys);
        all.addAll(objects.keySet());
        all.addAll(sets.keySet());
        for (String key : all) {
            if (!keys.contains(key)) {
                faults.add(key + " is missing");
            } else if (objects.containsKey(key)) {
                faults.addAll(
                        JsonTrees.faults(key, objects.get(key), JsonTrees.of(redis.get(key))));
            } else if (!sets.containsKey(key)) {
                faults.add(key + " is not an object of the world: " + redis.type(key));
            } else if (!sets.get(key).equals(redis.smembers(key))) {
                faults.add(
                        "%s lists %s, not %s".formatted(key, redis.smembers(key), sets.get(key)));
            }
        }
    }

    /** Expects a thread member if its thread exists, because the world keeps no thread members. */
    private void threadMember(String key) {
        String thread = key.split(":")[1];
        if (guildOfThread.containsKey(thread)) {
            objects.put(key, Map.of("user_id", key.split(":")[2]));
            list("thread_member_keys", key);
            list("thread_member_keys:" + thread, key);
            list("guild_keys:" + guildOfThread.get(thread), key);
        }
    }
}
