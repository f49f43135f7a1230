package loom.dispatch.simulator.world;

import static loom.dispatch.simulator.world.Json.of;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2021;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2025;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2026;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Creates roles, channels, threads and the other objects of a guild. The gateway's lock guards it.
 */
public final class GuildObjectFactory {
    private final RandomGenerator random;
    private final SnowflakeGenerator ids;
    private final UserFactory people;

    GuildObjectFactory(RandomGenerator random, SnowflakeGenerator ids, UserFactory people) {
        this.random = random;
        this.ids = ids;
        this.people = people;
    }

    public Map<String, Object> role(String id, String name, int position) {
        int color = people.any(List.of(0, 3_447_003, 15_158_332, 10_181_046));
        return of(
                "id",
                id,
                "name",
                name,
                "color",
                color,
                "colors",
                of("primary_color", color, "secondary_color", null, "tertiary_color", null),
                "hoist",
                people.chance(.3),
                "icon",
                null,
                "unicode_emoji",
                null,
                "position",
                position,
                "permissions",
                people.any(List.of("2248473465835073", "104324673", "8")),
                "managed",
                false,
                "mentionable",
                people.chance(.3),
                "flags",
                0);
    }

    public Map<String, Object> channel(String guildId, int type, int position, Object parent) {
        Map<String, Object> channel =
                of(
                        "id",
                        ids.between(T2021, T2025),
                        "type",
                        type,
                        "guild_id",
                        guildId,
                        "name",
                        people.any(UserFactory.FIRST) + "-" + position,
                        "position",
                        position,
                        "permission_overwrites",
                        overwrites(guildId),
                        "parent_id",
                        parent,
                        "flags",
                        type == 15 || type == 16 ? 16 : 0);
        switch (type) {
            case 0, 5 -> {
                channel.put("topic", people.chance(.7) ? "ask anything" : null);
                channel.put("nsfw", people.chance(.05));
                channel.put("last_message_id", ids.between(T2025, T2026));
                channel.put(
                        "last_pin_timestamp",
                        people.chance(.5) ? SnowflakeGenerator.iso(T2025) : null);
                channel.put("default_auto_archive_duration", 1_440);
            }
            case 2, 13 -> {
                channel.put("nsfw", false);
                channel.put("last_message_id", null);
                channel.put("bitrate", 64_000);
                channel.put("user_limit", type == 2 ? 0 : 10_000);
                channel.put("rtc_region", null);
            }
            case 15, 16 -> {
                channel.put("topic", "How to post");
                channel.put("last_message_id", ids.between(T2025, T2026));
                channel.put("available_tags", List.of(tag("bug", "🐛"), tag("done", null)));
                channel.put("default_reaction_emoji", of("emoji_id", null, "emoji_name", "👍"));
                channel.put("default_sort_order", null);
                channel.put("default_forum_layout", 0);
            }
            default -> channel.put("rate_limit_per_user", 0);
        }
        return channel;
    }

    private List<Object> overwrites(String guildId) {
        List<Object> list = new ArrayList<>();
        if (people.chance(.5)) {
            list.add(of("id", guildId, "type", 0, "allow", "1024", "deny", "2048"));
        }
        return list;
    }

    private Map<String, Object> tag(String name, Object emoji) {
        return of(
                "id",
                ids.between(T2021, T2025),
                "name",
                name,
                "moderated",
                false,
                "emoji_id",
                null,
                "emoji_name",
                emoji);
    }

    public Map<String, Object> thread(Map<String, Object> parent, String owner) {
        String created = SnowflakeGenerator.iso(T2026 - random.nextLong(1_000_000_000));
        return of(
                "id", ids.between(T2025, T2026),
                "type", Integer.valueOf(5).equals(parent.get("type")) ? 10 : 11,
                "guild_id", parent.get("guild_id"),
                "parent_id", parent.get("id"),
                "owner_id", owner,
                "name", "thread about " + people.any(UserFactory.SECOND),
                "last_message_id", ids.between(T2025, T2026),
                "rate_limit_per_user", 0,
                "message_count", random.nextInt(1, 400),
                "member_count", random.nextInt(1, 51),
                "total_message_sent", random.nextInt(400, 900),
                "flags", 0,
                "thread_metadata",
                        of(
                                "archived",
                                false,
                                "auto_archive_duration",
                                1_440,
                                "archive_timestamp",
                                created,
                                "locked",
                                false,
                                "create_timestamp",
                                created));
    }

    public Map<String, Object> emoji() {
        return of(
                "id",
                ids.between(T2021, T2025),
                "name",
                people.any(UserFactory.SECOND) + random.nextInt(1_000),
                "roles",
                List.of(),
                "require_colons",
                true,
                "managed",
                false,
                "animated",
                people.chance(.3),
                "available",
                true);
    }

    public Map<String, Object> sticker(String guildId) {
        return of(
                "id",
                ids.between(T2021, T2025),
                "name",
                "sticker " + random.nextInt(1_000),
                "description",
                people.chance(.5) ? "waves" : null,
                "tags",
                "wave",
                "type",
                2,
                "format_type",
                people.any(List.of(1, 2, 4)),
                "available",
                true,
                "guild_id",
                guildId);
    }

    public Map<String, Object> sound(String guildId) {
        return of(
                "name",
                "boop" + random.nextInt(1_000),
                "sound_id",
                ids.between(T2025, T2026),
                "volume",
                people.any(List.of(1.0, 0.5, 0.75)),
                "emoji_id",
                null,
                "emoji_name",
                "🔔",
                "guild_id",
                guildId,
                "available",
                true);
    }

    public Map<String, Object> stage(String guildId, String channelId) {
        return of(
                "id",
                ids.between(T2026, T2026 + 10_000_000),
                "guild_id",
                guildId,
                "channel_id",
                channelId,
                "topic",
                "Town hall",
                "privacy_level",
                2,
                "discoverable_disabled",
                true,
                "guild_scheduled_event_id",
                null);
    }

    public Map<String, Object> scheduledEvent(String guildId, String creator) {
        return of(
                "id",
                ids.between(T2025, T2026),
                "guild_id",
                guildId,
                "channel_id",
                null,
                "creator_id",
                creator,
                "name",
                "Meetup " + random.nextInt(1_000),
                "description",
                null,
                "scheduled_start_time",
                SnowflakeGenerator.iso(T2026 + 86_400_000),
                "scheduled_end_time",
                SnowflakeGenerator.iso(T2026 + 93_600_000),
                "privacy_level",
                2,
                "status",
                1,
                "entity_type",
                3,
                "entity_id",
                null,
                "entity_metadata",
                of("location", "Berlin"),
                "user_count",
                3,
                "image",
                null,
                "recurrence_rule",
                null);
    }
}
