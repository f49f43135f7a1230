package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;

import loom.dispatch.image.support.EventWorker;
import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.JsonTrees;
import loom.dispatch.simulator.WorldView;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import redis.clients.jedis.RedisClient;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Does what chamburr/modmail does, a bot written for twilight-dispatch: at its start and later. */
final class ModmailCompatibilityTest {
    /** The settings in modmail's deployment. */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "INTENTS", "46593",
                    "LARGE_THRESHOLD", "50",
                    "STATE_ENABLED", "true",
                    "STATE_MEMBER", "false",
                    "STATE_MESSAGE", "false",
                    "STATE_PRESENCE", "false",
                    "STATE_EMOJI", "false",
                    "STATE_VOICE", "false",
                    "STATE_OLD", "false",
                    "ACTIVITY_NAME", "DM to Contact Staff | =help");

    /** Keys that modmail writes to the same database. */
    private static final Map<String, String> OWN_KEYS =
            Map.of(
                    "reaction_menu:5", "{}",
                    "prefix:7", "=",
                    "user_select:8", "[]",
                    "user_guilds:8", "[]",
                    "user_token:8", "secret",
                    "token:9", "secret",
                    "csrf_token:9", "secret");

    private static final List<String> GUILD_FIELDS =
            fields(
                    """
                    id name icon banner splash description owner_id unavailable features
                    verification_level default_message_notifications explicit_content_filter
                    mfa_level afk_timeout afk_channel_id system_channel_id system_channel_flags
                    rules_channel_id discovery_splash preferred_locale premium_tier member_count
                    """);
    private static final List<String> CHANNEL_FIELDS = fields("id type guild_id name");
    private static final List<String> ROLE_FIELDS =
            fields("id name permissions position color hoist managed mentionable");
    private static final List<String> MEMBER_FIELDS = fields("user nick roles joined_at");
    private static final List<String> MESSAGE_FIELDS =
            fields(
                    """
                    id channel_id content author member attachments embeds edited_timestamp type
                    pinned mention_everyone tts guild_id
                    """);

    private ImageTestSetup setup;
    private RedisClient redis;

    @BeforeEach
    void start() throws Exception {
        setup = new ImageTestSetup();
        redis = RedisClient.create(setup.redis().host(), setup.redis().port());
        OWN_KEYS.forEach(redis::set);
        redis.sadd("reaction_menu_keys", "reaction_menu:5");
        redis.sadd("banned_users", "1");
        redis.sadd("banned_guilds", "2");
        setup.startImage(SETTINGS);
    }

    @AfterEach
    void stop() throws Exception {
        redis.close();
        setup.close();
    }

    @Test
    void modmailsStartConditionsAreMet() throws Exception {
        setup.await("its entry script's gate", () -> redis.exists("bot_user"));
        assertEquals(ImageTestSetup.SHARDS, Integer.parseInt(redis.get("gateway_shards")));
        try (EventWorker worker = EventWorker.ofAllEvents(setup.host())) {
            worker.channel().queueDeclarePassive("gateway.recv");
            setup.awaitReady();
            setup.simulator().events().emit("MESSAGE_CREATE");
            Map<String, Object> message = worker.next("MESSAGE_CREATE");
            assertEquals(0, message.get("op"));
            assertFields(MESSAGE_FIELDS, (Map<?, ?>) message.get("d"));
            byte[] command =
                    "{\"op\":0,\"shard\":2,\"data\":{\"op\":8,\"d\":{\"guild_id\":\"%s\",\"query\":\"\",\"limit\":1}}}"
                            .formatted(guildOf(2))
                            .getBytes(StandardCharsets.UTF_8);
            worker.channel().basicPublish("", "gateway.send", null, command);
            setup.await("its command at Discord", () -> setup.simulator().recorder().count(8) == 1);
        }
    }

    @Test
    void hasEveryKeyAndFieldThatModmailReads() throws Exception {
        setup.awaitReady();
        WorldView world = setup.simulator().world();
        setup.await("all guilds", () -> redis.scard("guild_keys") == world.guildIds().size());
        setup.await(
                "all of them available",
                () ->
                        world.guildIds().stream()
                                .noneMatch(guild ->
                                        object("guild:" + guild).get("unavailable").equals(true)));
        String bot = (String) object("bot_user").get("id");
        for (String guild : world.guildIds()) {
            assertFields(GUILD_FIELDS, object("guild:" + guild));
            Map<String, Set<String>> listed = new TreeMap<>();
            redis.smembers("guild_keys:" + guild)
                    .forEach(key ->
                            listed.computeIfAbsent(key.split(":")[0], _ -> new TreeSet<>())
                                    .add(key));
            assertAll(
                    listed,
                    "channel",
                    CHANNEL_FIELDS,
                    world.objects(guild, WorldView.Kind.CHANNELS));
            assertAll(listed, "role", ROLE_FIELDS, world.objects(guild, WorldView.Kind.ROLES));
            Map<String, String> members =
                    new HashMap<>(world.objects(guild, WorldView.Kind.MEMBERS));
            members.keySet().retainAll(Set.of(bot));
            assertAll(listed, "member", MEMBER_FIELDS, members);
            assertFalse(listed.containsKey("emoji") || listed.containsKey("voice"));
        }
    }

    @Test
    void statusesAreIndexedByShard() throws Exception {
        setup.awaitReady();
        setup.await(
                "all connected",
                () ->
                        redis.get("gateway_statuses").split("\"Connected\"").length
                                == ImageTestSetup.SHARDS + 1);
        List<Object> statuses = JSON.std.listFrom(redis.get("gateway_statuses"));
        for (int shard = 0; shard < ImageTestSetup.SHARDS; shard++) {
            Map<?, ?> status = (Map<?, ?>) statuses.get(shard);
            assertEquals(shard, status.get("shard"));
            assertTrue(status.get("latency") instanceof Integer, status::toString);
            LocalDateTime.parse(((String) status.get("last_ack")).split("\\.")[0]);
        }
        String started = redis.get("gateway_started");
        LocalDateTime.parse(started.substring(1).split("\\.")[0]);
    }

    @Test
    void doesNotChangeModmailsOwnKeys() throws Exception {
        setup.awaitReady();
        // a new session removes stale objects, and a guild leaves with all its objects
        setup.simulator().events().emit("GUILD_DELETE");
        setup.assertNoEventLost();
        setup.image().terminate();
        setup.image().awaitExit(ImageTestSetup.TIMEOUT);
        redis.del("gateway_checkpoints", "gateway_sessions");
        setup.startImage(SETTINGS);
        setup.await(
                "new sessions",
                () -> setup.simulator().recorder().count(2) == 2 * ImageTestSetup.SHARDS);
        setup.assertNoEventLost();
        OWN_KEYS.forEach((key, value) -> assertEquals(value, redis.get(key), key));
        assertEquals(Set.of("reaction_menu:5"), redis.smembers("reaction_menu_keys"));
        assertEquals(Set.of("1"), redis.smembers("banned_users"));
        assertEquals(Set.of("2"), redis.smembers("banned_guilds"));
    }

    private String guildOf(int shard) {
        return setup.simulator().world().guildIds().stream()
                .filter(guild ->
                        (Long.parseUnsignedLong(guild) >>> 22) % ImageTestSetup.SHARDS == shard)
                .findFirst()
                .orElseThrow();
    }

    /** Reads as modmail does: takes the keys of one prefix from the guild's set, then MGET. */
    private void assertAll(
            Map<String, Set<String>> listed,
            String prefix,
            List<String> fields,
            Map<String, String> world) {
        String[] keys = listed.getOrDefault(prefix, Set.of()).toArray(String[]::new);
        Set<String> ids = new TreeSet<>();
        for (String key : keys) {
            ids.add(key.substring(key.lastIndexOf(':') + 1));
        }
        assertEquals(new TreeSet<>(world.keySet()), ids, prefix);
        List<String> values = redis.mget(keys);
        for (int i = 0; i < keys.length; i++) {
            Map<String, Object> value = JsonTrees.of(values.get(i));
            assertFields(fields, value);
            String id = keys[i].substring(keys[i].lastIndexOf(':') + 1);
            assertEquals(List.of(), JsonTrees.faults(keys[i], JsonTrees.of(world.get(id)), value));
        }
    }

    private Map<String, Object> object(String key) {
        return JsonTrees.of(redis.get(key));
    }

    private static void assertFields(List<String> fields, Map<?, ?> object) {
        fields.forEach(field -> assertTrue(object.containsKey(field), field + " of " + object));
    }

    private static List<String> fields(String names) {
        return List.of(names.strip().split("\\s+"));
    }
}
