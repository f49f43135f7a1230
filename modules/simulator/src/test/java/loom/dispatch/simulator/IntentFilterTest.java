package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.gateway.IntentFilter;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Tests that a session gets exactly the events of its intents. */
final class IntentFilterTest {
    private final Simulator simulator = RunningSimulator.with(SimulatorConfig.standard());

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    @ParameterizedTest
    @EnumSource
    void sendsOnlyTheEventsOfTheIntent(IntentBits intent) throws InterruptedException {
        try (TestGatewayClient client = TestGatewayClient.plain(simulator)) {
            client.identify(simulator, 0, 1, intent.bit());
            client.next("READY");
            simulator.events().emit("MESSAGE_CREATE");
            Set<String> expected = new TreeSet<>();
            for (String type : new TreeSet<>(simulator.events().kinds())) {
                if (!type.equals("GUILD_CREATE") && !type.equals("GUILD_DELETE")) {
                    int bits = IntentFilter.bits(type, false);
                    if (bits == 0 || (bits & intent.bit()) != 0) {
                        expected.add(type);
                    }
                }
            }
            for (int i = 0; i < 3; i++) {
                simulator.events().kinds().stream()
                        .filter(t -> !t.equals("GUILD_CREATE") && !t.equals("GUILD_DELETE"))
                        .forEach(type -> simulator.events().emit(type));
            }
            simulator.events().emitRaw(0, "LAST", new byte[] {'{', '}'});
            Set<String> got = new TreeSet<>();
            for (String type = ""; !type.equals("LAST"); ) {
                type = client.next(GatewayOpcode.DISPATCH).type();
                got.add(type);
            }
            got.removeAll(Set.of("LAST", "GUILD_CREATE"));
            assertEquals(Set.of(), difference(got, expected), "not asked for");
            assertFalse(got.isEmpty());
        }
    }

    @Test
    void hidesContentExceptInMessagesThatConcernTheBot() {
        Map<String, Object> foreign =
                Json.of(
                        "guild_id",
                        "1",
                        "author",
                        Json.of("id", "2"),
                        "content",
                        "secret",
                        "mentions",
                        List.of());
        int without = IntentBits.GUILD_MESSAGES.bit();
        int with = without | IntentBits.MESSAGE_CONTENT.bit();
        assertEquals(true, IntentFilter.hidesContent("MESSAGE_CREATE", foreign, without, "9"));
        assertEquals(false, IntentFilter.hidesContent("MESSAGE_CREATE", foreign, with, "9"));
        assertEquals(false, IntentFilter.hidesContent("MESSAGE_CREATE", foreign, without, "2"));
        Map<String, Object> mentioning = Json.copy(foreign);
        mentioning.put("mentions", List.of(Json.of("id", "9")));
        assertEquals(false, IntentFilter.hidesContent("MESSAGE_CREATE", mentioning, without, "9"));
        Map<String, Object> direct = Json.copy(foreign);
        direct.remove("guild_id");
        assertEquals(false, IntentFilter.hidesContent("MESSAGE_CREATE", direct, without, "9"));
        Map<String, Object> stripped = IntentFilter.withoutContent("MESSAGE_CREATE", foreign);
        assertEquals("", stripped.get("content"));
        assertEquals(List.of(), stripped.get("embeds"));
        assertEquals("secret", foreign.get("content"));
    }

    @Test
    void sendsOnlyTheBotsThreadMembershipWithoutTheMembersIntent() {
        Map<String, Object> others =
                Json.of("guild_id", "1", "added_members", List.of(Json.of("user_id", "2")));
        Map<String, Object> own = Json.of("guild_id", "1", "removed_member_ids", List.of("9"));
        int guilds = IntentBits.GUILDS.bit();
        int members = IntentBits.GUILD_MEMBERS.bit();
        assertFalse(IntentFilter.passes("THREAD_MEMBERS_UPDATE", others, guilds, "9"));
        assertTrue(IntentFilter.passes("THREAD_MEMBERS_UPDATE", own, guilds, "9"));
        assertTrue(IntentFilter.passes("THREAD_MEMBERS_UPDATE", others, members, "9"));
    }

    private static Set<String> difference(Set<String> from, Set<String> what) {
        Set<String> rest = new TreeSet<>(from);
        rest.removeAll(what);
        return rest;
    }
}
