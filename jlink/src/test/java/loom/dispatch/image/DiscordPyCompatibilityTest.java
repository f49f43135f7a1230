package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.image.support.EventWorker;
import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.image.support.JsonTrees;
import loom.dispatch.simulator.WorldView;
import loom.dispatch.simulator.WorldView.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import redis.clients.jedis.RedisClient;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Tests the field {@code old}, which twilight-dispatch's example for discord.py reads. Events that
 * change or remove an object carry the object as it was before.
 */
final class DiscordPyCompatibilityTest {
    /**
     * Attempts for a type, because some events have no old object, for example a first presence.
     */
    private static final int ATTEMPTS = 500;

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "INTENTS", "53608447",
                    "STATE_OLD", "true",
                    "STATE_MEMBER_TTL", "0",
                    "STATE_MESSAGE_TTL", "0");

    private ImageTestSetup setup;
    private EventWorker worker;
    private WorldView world;
    private String guild;

    @BeforeEach
    void start() throws Exception {
        setup = new ImageTestSetup();
        worker = EventWorker.ofAllEvents(setup.host());
        world = setup.simulator().world();
        guild = world.guildIds().getFirst();
        setup.startImage(SETTINGS);
        setup.awaitReady();
        try (RedisClient redis = RedisClient.create(setup.redis().host(), setup.redis().port())) {
            assertEquals(ImageTestSetup.SHARDS, Integer.parseInt(redis.get("gateway_shards")));
            setup.await("the guild", () -> redis.scard("guild_keys:" + guild) > 1);
        }
    }

    @AfterEach
    void stop() throws Exception {
        worker.close();
        setup.close();
    }

    @Test
    void oldIsTheObjectBeforeTheEvent() throws Exception {
        Map<String, Object> before = JsonTrees.of(world.guild(guild));
        Map<String, Object> event = emit("GUILD_UPDATE");
        assertEquals(List.of(), JsonTrees.faults("old", before, event.get("old")));
        assertOld("CHANNEL_UPDATE", Kind.CHANNELS, d -> d.get("id"));
        assertOld("CHANNEL_DELETE", Kind.CHANNELS, d -> d.get("id"));
        assertOld("THREAD_UPDATE", Kind.THREADS, d -> d.get("id"));
        assertOld("GUILD_ROLE_UPDATE", Kind.ROLES, d -> ((Map<?, ?>) d.get("role")).get("id"));
        assertOld("GUILD_ROLE_DELETE", Kind.ROLES, d -> d.get("role_id"));
        assertOld("GUILD_MEMBER_UPDATE", Kind.MEMBERS, DiscordPyCompatibilityTest::user);
        assertOld("PRESENCE_UPDATE", Kind.PRESENCES, DiscordPyCompatibilityTest::user);
        assertOld("VOICE_STATE_UPDATE", Kind.VOICE_STATES, d -> d.get("user_id"));
        assertOld("GUILD_MEMBER_REMOVE", Kind.MEMBERS, DiscordPyCompatibilityTest::user);
        for (int i = 0; i < 20; i++) {
            emit("MESSAGE_CREATE");
        }
        assertOld("MESSAGE_UPDATE", Kind.MESSAGES, d -> d.get("id"));
        assertOld("MESSAGE_DELETE", Kind.MESSAGES, d -> d.get("id"));
    }

    @Test
    void oldOfSeveralObjectsIsAList() throws Exception {
        assertOldList("GUILD_EMOJIS_UPDATE", Kind.EMOJIS, (before, _) -> before.keySet());
        for (int i = 0; i < 5; i++) {
            emit("MESSAGE_CREATE");
        }
        assertOldList(
                "MESSAGE_DELETE_BULK",
                Kind.MESSAGES,
                (_, d) ->
                        new TreeSet<>(
                                ((List<?>) d.get("ids"))
                                        .stream().map(String.class::cast).toList()));
    }

    private void assertOld(String type, Kind kind, Function<Map<?, ?>, Object> id)
            throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Map<String, String> before = world.objects(guild, kind);
            Map<String, Object> event = emit(type);
            String expected = before.get(id.apply((Map<?, ?>) event.get("d")));
            if (expected != null) {
                Map<String, Object> object = JsonTrees.of(expected);
                // GUILD_CREATE has voice states without their member
                object.remove("member");
                assertEquals(List.of(), JsonTrees.faults(type + " old", object, event.get("old")));
                return;
            }
            assertEquals(null, event.get("old"), type);
        }
        throw new AssertionError("never of a known object: " + type);
    }

    private void assertOldList(
            String type,
            Kind kind,
            BiFunction<Map<String, String>, Map<?, ?>, Set<String>> expected)
            throws Exception {
        Map<String, String> before = world.objects(guild, kind);
        Map<String, Object> event = emit(type);
        Map<Object, Map<?, ?>> old = new HashMap<>();
        for (Object one : (List<?>) event.get("old")) {
            Map<?, ?> object = (Map<?, ?>) one;
            old.put(object.get("id"), object);
        }
        assertEquals(expected.apply(before, (Map<?, ?>) event.get("d")), old.keySet());
        old.forEach((id, one) ->
                assertEquals(List.of(), JsonTrees.faults(type, JsonTrees.of(before.get(id)), one)));
    }

    /** Emits one event in the guild; tries again while the guild has no object for that type. */
    private Map<String, Object> emit(String type) throws Exception {
        long before = setup.simulator().events().emitted();
        for (int i = 0; i < ATTEMPTS && setup.simulator().events().emitted() == before; i++) {
            setup.simulator().events().emit(type, guild);
        }
        return worker.next(type);
    }

    private static Object user(Map<?, ?> d) {
        return ((Map<?, ?>) d.get("user")).get("id");
    }
}
