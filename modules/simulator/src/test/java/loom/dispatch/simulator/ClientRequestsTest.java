package loom.dispatch.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Answers what clients ask for, within Discord's limits. */
final class ClientRequestsTest {
    private final Simulator simulator =
            Running.with(SimulatorConfig.standard().withGuilds(GuildShape.small().members(2_345)));
    private final String guild = simulator.world().guildIds().getFirst();
    private TestShard client;

    @BeforeEach
    void identify() throws InterruptedException {
        client = TestShard.plain(simulator);
        client.identify(simulator, 0, 1, Intent.ALL);
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
        client.send(Opcode.REQUEST_GUILD_MEMBERS, request);
        int members = 0;
        for (int i = 0; i < 3; i++) {
            Map<String, Object> chunk = client.next("GUILD_MEMBERS_CHUNK").data();
            assertEquals(i, chunk.get("chunk_index"));
            assertEquals(3, chunk.get("chunk_count"));
            assertEquals("n", chunk.get("nonce"));
            members += Json.array(chunk, "members").size();
        }
        assertEquals(2_345, members);
        client.send(Opcode.REQUEST_GUILD_MEMBERS, request);
        Map<String, Object> limited = client.next("RATE_LIMITED").data();
        assertEquals(8, limited.get("opcode"));
        assertEquals(guild, Json.child(limited, "meta").get("guild_id"));
        assertTrue(((Number) limited.get("retry_after")).doubleValue() > 25);
    }

    @Test
    void findsMembersByIdAndTellsWhichItDoesNotKnow() throws InterruptedException {
        String bot = simulator.config().botId();
        client.send(
                Opcode.REQUEST_GUILD_MEMBERS,
                Json.of("guild_id", guild, "user_ids", List.of(bot, "1"), "presences", true));
        Map<String, Object> chunk = client.next("GUILD_MEMBERS_CHUNK").data();
        assertEquals(1, Json.array(chunk, "members").size());
        assertEquals(List.of("1"), Json.array(chunk, "not_found"));
    }

    @Test
    void answersSoundsChannelInfoAndVoice() throws InterruptedException {
        client.send(Opcode.REQUEST_SOUNDBOARD_SOUNDS, Json.of("guild_ids", List.of(guild)));
        Map<String, Object> sounds = client.next("SOUNDBOARD_SOUNDS").data();
        assertEquals(3, Json.array(sounds, "soundboard_sounds").size());
        client.send(
                Opcode.REQUEST_CHANNEL_INFO,
                Json.of("guild_id", guild, "fields", List.of("status")));
        assertEquals(guild, client.next("CHANNEL_INFO").data().get("guild_id"));
        client.send(
                Opcode.VOICE_STATE_UPDATE,
                Json.of("guild_id", guild, "channel_id", "1", "self_mute", true));
        assertEquals("1", client.next("VOICE_STATE_UPDATE").data().get("channel_id"));
        assertEquals(guild, client.next("VOICE_SERVER_UPDATE").data().get("guild_id"));
    }

    @Test
    void closesAWrongShapeWith4001() throws InterruptedException {
        client.send(Opcode.REQUEST_GUILD_MEMBERS, Json.of("guild_id", guild));
        assertEquals(4001, client.closeCode());
    }
}
