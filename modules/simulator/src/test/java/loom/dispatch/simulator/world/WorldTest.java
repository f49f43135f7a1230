package loom.dispatch.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.EventGenerator;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.TestGatewayClient;
import loom.dispatch.simulator.WorldView;
import loom.dispatch.simulator.WorldView.Kind;
import loom.dispatch.simulator.gateway.GatewayOpcode;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tests that the events of every type describe the change of the world exactly. */
final class WorldTest {
    private static final int EVENTS = 15_000;

    private static final Map<Kind, String> SNAPSHOT =
            Map.of(
                    Kind.ROLES, "roles",
                    Kind.EMOJIS, "emojis",
                    Kind.STICKERS, "stickers",
                    Kind.CHANNELS, "channels",
                    Kind.THREADS, "threads",
                    Kind.STAGE_INSTANCES, "stage_instances",
                    Kind.SCHEDULED_EVENTS, "guild_scheduled_events");

    /** The ids that the events named, by guild and kind. */
    private final Map<String, Map<Kind, Set<String>>> told = new HashMap<>();

    private final Map<String, Map<String, String>> parents = new HashMap<>();

    @Test
    void applyingTheEventsReproducesTheWorld() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        System.out.println("WorldTest seed " + seed);
        try (Simulator simulator =
                        Simulator.start(
                                SimulatorConfig.standard()
                                        .withSeed(seed)
                                        .withReplayEvents(4 * EVENTS));
                TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 1, IntentBits.ALL);
            client.next("READY");
            simulator.events().mix(EventGenerator.Mix.ALL_KINDS).rate(5_000);
            Eventually.await("all events emitted", () -> simulator.events().emitted() >= EVENTS);
            simulator.events().pause();
            int last = simulator.ledger().sessions().getFirst().dispatched();
            Set<String> types = new TreeSet<>();
            for (int sequence = 1; sequence < last; ) {
                TestGatewayClient.Received event = client.next(GatewayOpcode.DISPATCH);
                sequence = event.sequence();
                types.add(event.type());
                follow(event.type(), event.data());
            }
            assertEquals(new TreeSet<>(simulator.events().kinds()), types);
            assertEquals(77, types.size(), "79 with READY and RESUMED");
            compare(simulator.world());
        }
    }

    private void compare(WorldView world) {
        Set<String> available = new HashSet<>(world.guildIds());
        available.removeIf(world::unavailable);
        assertEquals(available, told.keySet());
        for (String guild : available) {
            for (Kind kind : SNAPSHOT.keySet()) {
                assertEquals(
                        world.objects(guild, kind).keySet(),
                        told.get(guild).get(kind),
                        guild + " " + kind);
            }
            Set<String> members = told.get(guild).get(Kind.MEMBERS);
            assertEquals(world.objects(guild, Kind.MEMBERS).keySet(), members);
            assertTrue(world.memberCount(guild) >= 2);
        }
    }

    private void follow(String type, Map<String, Object> d) {
        switch (type) {
            case "GUILD_CREATE" -> snapshot(d);
            case "GUILD_DELETE" -> told.remove(Json.text(d, "id"));
            case "GUILD_ROLE_CREATE" -> ids(d, Kind.ROLES).add(id(Json.child(d, "role")));
            case "GUILD_ROLE_DELETE" -> ids(d, Kind.ROLES).remove(Json.text(d, "role_id"));
            case "GUILD_EMOJIS_UPDATE" -> replace(d, Kind.EMOJIS);
            case "GUILD_STICKERS_UPDATE" -> replace(d, Kind.STICKERS);
            case "CHANNEL_CREATE" -> ids(d, Kind.CHANNELS).add(id(d));
            case "CHANNEL_DELETE" -> channelDeleted(d);
            case "THREAD_CREATE" -> {
                ids(d, Kind.THREADS).add(id(d));
                parents.get(Json.text(d, "guild_id")).put(id(d), Json.text(d, "parent_id"));
            }
            case "THREAD_UPDATE" -> {
                if (Boolean.TRUE.equals(Json.child(d, "thread_metadata").get("archived"))) {
                    ids(d, Kind.THREADS).remove(id(d));
                }
            }
            case "THREAD_DELETE" -> ids(d, Kind.THREADS).remove(id(d));
            case "STAGE_INSTANCE_CREATE" -> {
                ids(d, Kind.STAGE_INSTANCES).add(id(d));
                parents.get(Json.text(d, "guild_id")).put(id(d), Json.text(d, "channel_id"));
            }
            case "STAGE_INSTANCE_DELETE" -> ids(d, Kind.STAGE_INSTANCES).remove(id(d));
            case "GUILD_SCHEDULED_EVENT_CREATE" -> ids(d, Kind.SCHEDULED_EVENTS).add(id(d));
            case "GUILD_SCHEDULED_EVENT_DELETE" -> ids(d, Kind.SCHEDULED_EVENTS).remove(id(d));
            case "GUILD_MEMBER_ADD" -> ids(d, Kind.MEMBERS).add(id(Json.child(d, "user")));
            case "GUILD_MEMBER_REMOVE" -> ids(d, Kind.MEMBERS).remove(id(Json.child(d, "user")));
            default -> assertTrue(type.length() > 3);
        }
    }

    private void snapshot(Map<String, Object> d) {
        String guild = id(d);
        Map<Kind, Set<String>> kinds = new EnumMap<>(Kind.class);
        told.put(guild, kinds);
        parents.put(guild, new HashMap<>());
        SNAPSHOT.forEach((kind, key) -> kinds.put(kind, idsOf(Json.array(d, key))));
        Set<String> members = new HashSet<>();
        Json.array(d, "members")
                .forEach(m -> members.add(id(Json.child(Json.typed((Map<?, ?>) m), "user"))));
        kinds.put(Kind.MEMBERS, members);
        for (String key : List.of("threads", "stage_instances")) {
            String parent = key.equals("threads") ? "parent_id" : "channel_id";
            for (Object each : Json.array(d, key)) {
                Map<String, Object> object = Json.typed((Map<?, ?>) each);
                parents.get(guild).put(id(object), Json.text(object, parent));
            }
        }
    }

    private void channelDeleted(Map<String, Object> d) {
        ids(d, Kind.CHANNELS).remove(id(d));
        Map<String, String> parent = parents.get(Json.text(d, "guild_id"));
        for (Kind kind : List.of(Kind.THREADS, Kind.STAGE_INSTANCES)) {
            ids(d, kind).removeIf(id -> id(d).equals(parent.get(id)));
        }
    }

    private void replace(Map<String, Object> d, Kind kind) {
        told.get(Json.text(d, "guild_id")).put(kind, idsOf(Json.array(d, SNAPSHOT.get(kind))));
    }

    private Set<String> ids(Map<String, Object> d, Kind kind) {
        return told.get(Json.text(d, "guild_id")).get(kind);
    }

    private static Set<String> idsOf(List<Object> objects) {
        Set<String> ids = new HashSet<>();
        objects.forEach(each -> ids.add(id(Json.typed((Map<?, ?>) each))));
        return ids;
    }

    private static String id(Map<String, Object> object) {
        return Json.text(object, "id");
    }
}
