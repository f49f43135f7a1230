package loom.dispatch.simulator.world;

import static loom.dispatch.simulator.world.Json.of;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2018;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2021;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2025;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2026;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Creates users, members, presences and voice states. The gateway's lock guards it. */
public final class UserFactory {
    public static final List<String> FIRST =
            List.of(
                    "amber", "birch", "cedar", "delta", "ember", "frost", "grove", "haze", "iris",
                    "jade", "kelp", "lumen", "maple", "nova", "onyx", "pearl", "quartz", "raven",
                    "sage", "thorn", "umbra", "violet", "willow", "xenon", "yarrow", "zephyr");
    public static final List<String> SECOND =
            List.of(
                    "fox", "owl", "lynx", "wolf", "bear", "hawk", "otter", "crane", "moth", "elk",
                    "seal", "finch", "heron", "ibis", "newt", "orca", "puma", "stoat", "swan",
                    "viper");

    /** Names that have more bytes than characters, or need escaping. */
    private static final List<String> UNICODE =
            List.of("Zoë", "Łukasz", "北斗", "Ольга", "محمد", "🦊 fox", "a \"q\" \\", "e\u0301clair");

    private final RandomGenerator random;
    private final SnowflakeGenerator ids;

    UserFactory(RandomGenerator random, SnowflakeGenerator ids) {
        this.random = random;
        this.ids = ids;
    }

    public String hash() {
        return String.format("%016x%016x", random.nextLong(), random.nextLong());
    }

    public <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    public boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    public Map<String, Object> user() {
        return user(ids.between(T2018, T2025), false);
    }

    Map<String, Object> user(String id, boolean bot) {
        String first = any(FIRST);
        Object global = chance(.3) ? null : chance(.1) ? any(UNICODE) : first;
        Map<String, Object> user =
                of(
                        "id",
                        id,
                        "username",
                        first + "_" + any(SECOND) + random.nextInt(10, 9_999),
                        "discriminator",
                        bot ? "4242" : "0",
                        "global_name",
                        bot ? null : global,
                        "avatar",
                        chance(.8) ? hash() : null,
                        "public_flags",
                        any(List.of(0, 0, 0, 64, 128, 256, 4_194_304)),
                        "avatar_decoration_data",
                        null,
                        "collectibles",
                        null,
                        "primary_guild",
                        null);
        if (bot) {
            user.put("bot", true);
        }
        if (chance(.03)) {
            user.put(
                    "avatar_decoration_data",
                    of("asset", "a_" + hash(), "sku_id", ids.between(T2021, T2025)));
        }
        return user;
    }

    public Map<String, Object> member(Map<String, Object> user, List<String> roleIds) {
        List<Object> roles = new ArrayList<>();
        int wanted = any(List.of(0, 0, 1, 1, 2, 3));
        for (int i = 0; i < wanted && !roleIds.isEmpty(); i++) {
            String role = any(roleIds);
            if (!roles.contains(role)) {
                roles.add(role);
            }
        }
        return of(
                "user",
                user,
                "nick",
                chance(.2) ? any(UNICODE) : null,
                "avatar",
                null,
                "banner",
                null,
                "roles",
                roles,
                "joined_at",
                SnowflakeGenerator.iso(random.nextLong(T2021, T2026)),
                "premium_since",
                chance(.02) ? SnowflakeGenerator.iso(T2025) : null,
                "deaf",
                false,
                "mute",
                false,
                "flags",
                any(List.of(0, 0, 0, 1, 2, 10)),
                "pending",
                chance(.02),
                "communication_disabled_until",
                null,
                "avatar_decoration_data",
                null,
                "collectibles",
                null);
    }

    public Map<String, Object> presence(String userId, String guildId) {
        String status = any(List.of("online", "idle", "dnd"));
        List<Object> activities = new ArrayList<>();
        int wanted = any(List.of(0, 0, 1, 1, 2));
        for (int i = 0; i < wanted; i++) {
            activities.add(activity());
        }
        return of(
                "user", of("id", userId),
                "guild_id", guildId,
                "status", status,
                "activities", activities,
                "client_status", of(any(List.of("desktop", "mobile", "web")), status));
    }

    private Map<String, Object> activity() {
        long created = T2026 - random.nextLong(10_000_000);
        if (chance(.4)) {
            return of(
                    "name",
                    "Custom Status",
                    "type",
                    4,
                    "created_at",
                    created,
                    "state",
                    any(List.of("brb", "coding", "☕")),
                    "emoji",
                    of("name", "☕"));
        }
        return of(
                "name",
                any(List.of("Factorio", "Rocket League", "Celeste")),
                "type",
                0,
                "created_at",
                created,
                "application_id",
                "379286085710381999",
                "timestamps",
                of("start", created),
                "details",
                "Ranked",
                "state",
                "In a match",
                "party",
                of("id", "p-" + random.nextInt(1 << 20), "size", List.of(2, 4)),
                "assets",
                of("large_image", "351371005538729000", "large_text", "Arena"),
                "flags",
                1,
                "buttons",
                List.of("Join"));
    }

    public Map<String, Object> voiceState(String guildId, String userId, Object channelId) {
        return of(
                "guild_id",
                guildId,
                "channel_id",
                channelId,
                "user_id",
                userId,
                "session_id",
                hash(),
                "deaf",
                false,
                "mute",
                false,
                "self_deaf",
                chance(.2),
                "self_mute",
                chance(.5),
                "self_video",
                chance(.1),
                "self_stream",
                chance(.05),
                "suppress",
                false,
                "request_to_speak_timestamp",
                null);
    }
}
