package loom.dispatch.simulator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.simulator.GuildShape;
import loom.dispatch.simulator.RunningSimulator;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.TestGatewayClient;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Tests the answers to client requests and Discord's limits on them. */
final class ClientRequestHandlerTest {
    private final Simulator simulator =
            RunningSimulator.with(
                    SimulatorConfig.standard().withGuilds(GuildShape.small().members(2_345)));
    private final String guild = simulator.world().guildIds().getFirst();
    private TestGatewayClient client;

    @BeforeEach
    void identify() throws InterruptedException {
        client = TestGatewayClient.plain(simulator);
        client.identify(simulator, 0, 1, IntentBits.ALL);
        client.next("READY");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        simulator.close();
    }

    @Test
    void sendsAllMembersInChunksOfAThousandOnceInThirtySeconds() throws InterruptedException {
        Map<String, Object> request =
                Json.of("guild_id", guild, "query", "", "limit", 0, "nonce", "n");
        client.send(GatewayOpcode.REQUEST_GUILD_MEMBERS, request);
        int members = 0;
        for (int i = 0; i < 3; i++) {
            Map<String, Object> chunk = client.next("GUILD_MEMBERS_CHUNK").data();
            assertEquals(i, chunk.get("chunk_index"));
            assertEquals(3, chunk.get("chunk_count"));
            assertEquals("n", chunk.get("nonce"));
            members += Json.array(chunk, "members").size();
        }
        assertEquals(2_345, members);
        client.send(GatewayOpcode.REQUEST_GUILD_MEMBERS, request);
        Map<String, Object> limited = client.next("RATE_LIMITED").data();
        assertEquals(8, limited.get("opcode"));
        assertEquals(guild, Json.child(limited, "meta").get("guild_id"));
        assertTrue(((Number) limited.get("retry_after")).doubleValue() > 25);
    }

    /** discord.py sends ids as numbers. */
    @Test
    void acceptsNumericIds() throws InterruptedException {
        long number = Long.parseUnsignedLong(guild);
        client.send(
                GatewayOpcode.REQUEST_GUILD_MEMBERS,
                Json.of("guild_id", number, "query", "", "limit", 1));
        assertEquals(guild, client.next("GUILD_MEMBERS_CHUNK").data().get("guild_id"));
        client.send(GatewayOpcode.REQUEST_SOUNDBOARD_SOUNDS, Json.of("guild_ids", List.of(number)));
        assertEquals(guild, client.next("SOUNDBOARD_SOUNDS").data().get("guild_id"));
        client.send(
                GatewayOpcode.REQUEST_CHANNEL_INFO,
                Json.of("guild_id", number, "fields", List.of("status")));
        assertEquals(guild, client.next("CHANNEL_INFO").data().get("guild_id"));
        client.send(GatewayOpcode.VOICE_STATE_UPDATE, Json.of("guild_id", number, "channel_id", 1));
        assertEquals("1", client.next("VOICE_STATE_UPDATE").data().get("channel_id"));
    }

    @Test
    void returnsMembersByIdAndListsUnknownIds() throws InterruptedException {
        String bot = simulator.config().botId();
        client.send(
                GatewayOpcode.REQUEST_GUILD_MEMBERS,
                Json.of(
                        "guild_id",
                        guild,
                        "user_ids",
                        List.of(bot, "1", "1089234567890120000"),
                        "presences",
                        true));
        Map<String, Object> chunk = client.next("GUILD_MEMBERS_CHUNK").data();
        assertEquals(1, Json.array(chunk, "members").size());
        assertEquals(
                List.of(1, "1089234567890120000"),
                Json.array(chunk, "not_found"),
                "what is no snowflake comes back as an integer");
    }

    @Test
    void answersSoundboardChannelInfoAndVoiceRequests() throws InterruptedException {
        client.send(GatewayOpcode.REQUEST_SOUNDBOARD_SOUNDS, Json.of("guild_ids", List.of(guild)));
        Map<String, Object> sounds = client.next("SOUNDBOARD_SOUNDS").data();
        assertEquals(3, Json.array(sounds, "soundboard_sounds").size());
        client.send(
                GatewayOpcode.REQUEST_CHANNEL_INFO,
                Json.of("guild_id", guild, "fields", List.of("status")));
        assertEquals(guild, client.next("CHANNEL_INFO").data().get("guild_id"));
        client.send(
                GatewayOpcode.VOICE_STATE_UPDATE,
                Json.of("guild_id", guild, "channel_id", "1", "self_mute", true));
        assertEquals("1", client.next("VOICE_STATE_UPDATE").data().get("channel_id"));
        assertEquals(guild, client.next("VOICE_SERVER_UPDATE").data().get("guild_id"));
    }

    @Test
    void channelInfoHasOnlyTheRequestedFields() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            simulator.events().emit("VOICE_CHANNEL_STATUS_UPDATE", guild);
            simulator.events().emit("VOICE_CHANNEL_START_TIME_UPDATE", guild);
        }
        client.send(
                GatewayOpcode.REQUEST_CHANNEL_INFO,
                Json.of("guild_id", guild, "fields", List.of("status")));
        Map<String, Object> info = client.next("CHANNEL_INFO").data();
        for (Object channel : Json.array(info, "channels")) {
            assertFalse(((Map<?, ?>) channel).containsKey("voice_start_time"));
        }
        assertFalse(Json.array(info, "channels").isEmpty());
    }

    @Test
    void sendsTheBotsPresenceToEachGuild() throws InterruptedException {
        client.send(
                GatewayOpcode.PRESENCE_UPDATE,
                Json.of(
                        "since",
                        null,
                        "activities",
                        List.of(Json.of("name", "x", "type", 0)),
                        "status",
                        "idle",
                        "afk",
                        false));
        for (int i = 0; i < 2; i++) {
            Map<String, Object> presence = client.next("PRESENCE_UPDATE").data();
            assertEquals("idle", presence.get("status"));
            assertEquals(simulator.config().botId(), Json.child(presence, "user").get("id"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":8,\"d\":{\"guild_id\":\"1\"}}",
                "{\"op\":8,\"d\":{\"guild_id\":\"1\",\"query\":\"\"}}",
                "{\"op\":3,\"d\":{\"status\":\"busy\",\"activities\":[]}}",
                "{\"op\":3,\"d\":{\"status\":\"idle\",\"activities\":[{\"type\":9,\"name\":\"x\"}]}}",
                "{\"op\":4,\"d\":{\"guild_id\":\"1\",\"channel_id\":true}}",
                "{\"op\":4,\"d\":{\"guild_id\":\"1\",\"channel_id\":null,\"self_mute\":1}}",
                "{\"op\":31,\"d\":{\"guild_ids\":\"1\"}}",
                "{\"op\":43,\"d\":{\"guild_id\":\"1\",\"fields\":[\"topic\"]}}",
            })
    void closesAWrongShapeWith4001(String message) throws InterruptedException {
        client.sendText(message);
        assertEquals(4001, client.closeCode());
    }
}
