package loom.dispatch.simulator.world;

import static loom.dispatch.simulator.world.Json.of;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2021;
import static loom.dispatch.simulator.world.SnowflakeGenerator.T2025;

import loom.dispatch.simulator.GuildShape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Creates guilds of a given shape for a given shard. The gateway's lock guards it. */
final class GuildFactory {
    private static final int[] KINDS = {4, 0, 0, 0, 0, 2, 2, 0, 0, 5, 15, 13, 0, 2, 16, 0};

    private final SnowflakeGenerator ids;
    private final UserFactory people;
    private final GuildObjectFactory things;
    private final GuildShape shape;
    private final Map<String, Object> bot;

    GuildFactory(
            SnowflakeGenerator ids,
            UserFactory people,
            GuildObjectFactory things,
            GuildShape shape,
            Map<String, Object> bot) {
        this.ids = ids;
        this.people = people;
        this.things = things;
        this.shape = shape;
        this.bot = bot;
    }

    /** Creates a guild whose id belongs to {@code shard} of {@code count} (section 3). */
    Guild make(int shard, int count) {
        // A millisecond count whose remainder by the shard count is `shard`.
        long id = Long.parseUnsignedLong(ids.between(T2021, T2025));
        long millis = id >>> 22;
        long routed = millis - millis % count + shard;
        String guildId = Long.toUnsignedString(routed << 22 | id & 0x3f_ffff);
        Guild guild = new Guild(guildId, fields(guildId));
        addRoles(guild);
        addChannels(guild);
        addMembers(guild);
        addRest(guild);
        return guild;
    }

    private Map<String, Object> fields(String guildId) {
        Map<String, Object> fields = identity(guildId);
        fields.putAll(community());
        return fields;
    }

    private Map<String, Object> identity(String guildId) {
        return of(
                "id",
                guildId,
                "name",
                people.any(UserFactory.FIRST) + " " + people.any(UserFactory.SECOND),
                "icon",
                people.hash(),
                "splash",
                null,
                "discovery_splash",
                null,
                "owner_id",
                bot.get("id"),
                "region",
                null,
                "afk_channel_id",
                null,
                "afk_timeout",
                300,
                "widget_enabled",
                false,
                "widget_channel_id",
                null,
                "verification_level",
                2,
                "default_message_notifications",
                1,
                "explicit_content_filter",
                2,
                "features",
                List.of("COMMUNITY", "NEWS", "ROLE_ICONS", "SOUNDBOARD"),
                "mfa_level",
                0);
    }

    private static Map<String, Object> community() {
        return of(
                "application_id",
                null,
                "system_channel_id",
                null,
                "system_channel_flags",
                0,
                "rules_channel_id",
                null,
                "max_presences",
                null,
                "max_members",
                500_000,
                "vanity_url_code",
                null,
                "description",
                null,
                "banner",
                null,
                "premium_tier",
                1,
                "premium_subscription_count",
                3,
                "preferred_locale",
                "en-US",
                "public_updates_channel_id",
                null,
                "max_video_channel_users",
                25,
                "max_stage_video_channel_users",
                50,
                "nsfw_level",
                0,
                "premium_progress_bar_enabled",
                false,
                "safety_alerts_channel_id",
                null,
                "incidents_data",
                null);
    }

    private void addRoles(Guild guild) {
        guild.roles.put(guild.id(), things.role(guild.id(), "@everyone", 0));
        for (int i = 1; i < shape.roles(); i++) {
            String id = ids.between(T2021, T2025);
            Map<String, Object> role = things.role(id, people.any(UserFactory.FIRST), i);
            if (i == 1) {
                role.put("managed", true);
                role.put("tags", of("bot_id", bot.get("id")));
            } else if (i == 2) {
                role.put("managed", true);
                role.put("tags", of("premium_subscriber", null));
            }
            guild.roles.put(id, role);
        }
    }

    private void addChannels(Guild guild) {
        Object parent = null;
        for (int i = 0; i < shape.channels(); i++) {
            int type = KINDS[i % KINDS.length];
            Map<String, Object> channel =
                    things.channel(guild.id(), type, i, type == 4 ? null : parent);
            if (type == 4) {
                parent = channel.get("id");
            }
            guild.channels.put(Json.text(channel, "id"), channel);
        }
    }

    private void addMembers(Guild guild) {
        List<String> roles = new ArrayList<>(guild.roles.keySet());
        List<String> free = roles.subList(Math.min(3, roles.size()), roles.size());
        Map<String, Object> self = people.member(bot, List.of());
        self.put("roles", List.of(roles.get(1)));
        guild.members.put(self);
        guild.joinedAt = Json.text(self, "joined_at");
        for (int i = 1; i < shape.members(); i++) {
            guild.members.put(people.member(people.user(), free));
        }
        guild.memberCount = guild.members.size();
        guild.fields.put("owner_id", guild.members.userIds().get(1));
    }

    private void addRest(Guild guild) {
        List<String> users = guild.members.userIds();
        String owner = users.get(1);
        List<Map<String, Object>> all = List.copyOf(guild.channels.values());
        List<Map<String, Object>> voice = all.stream().filter(c -> type(c) == 2).toList();
        List<Map<String, Object>> text = all.stream().filter(c -> type(c) == 0).toList();
        for (String user : users.subList(1, Math.min(users.size(), 1 + shape.voice()))) {
            if (!voice.isEmpty()) {
                Object channel = people.any(voice).get("id");
                guild.voiceStates.put(user, people.voiceState(guild.id(), user, channel));
            }
        }
        for (String user : users.subList(1, Math.min(users.size(), 1 + shape.presences()))) {
            guild.presences.put(user, people.presence(user, guild.id()));
        }
        for (int i = 0; i < shape.threads(); i++) {
            Map<String, Object> thread = things.thread(people.any(text), owner);
            if (i % 3 == 0) {
                thread.put("member", of("join_timestamp", guild.joinedAt, "flags", 1));
            }
            guild.threads.put(Json.text(thread, "id"), thread);
        }
        for (int i = 0; i < shape.emojis(); i++) {
            put(guild.emojis, "id", things.emoji());
        }
        for (int i = 0; i < 3; i++) {
            put(guild.stickers, "id", things.sticker(guild.id()));
            put(guild.sounds, "sound_id", things.sound(guild.id()));
        }
        all.stream()
                .filter(c -> type(c) == 13)
                .limit(1)
                .map(c -> things.stage(guild.id(), Json.text(c, "id")))
                .forEach(stage -> put(guild.stages, "id", stage));
        put(guild.events, "id", things.scheduledEvent(guild.id(), owner));
    }

    private static void put(
            Map<String, Map<String, Object>> objects, String key, Map<String, Object> object) {
        objects.put(Json.text(object, key), object);
    }

    private static int type(Map<String, Object> channel) {
        return ((Number) channel.get("type")).intValue();
    }
}
