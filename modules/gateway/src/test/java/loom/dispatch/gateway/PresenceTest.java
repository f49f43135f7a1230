package loom.dispatch.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.outbound.PresenceValidator;
import loom.dispatch.gateway.protocol.GatewayPayloads;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Checks the presence in IDENTIFY (protocol sections 1.8 and 5.4). */
final class PresenceTest {
    private static final Presence PLAYING = new Presence("dnd", 0, "shard {{shard}} | help");

    private static String json(Presence presence) {
        String identify = new GatewayPayloads(config(presence)).identify(7, Optional.empty());
        int start = identify.indexOf("\"presence\":");
        return identify.substring(start, identify.indexOf(",\"intents\"", start));
    }

    private static String shown(String status, String activities) {
        return "\"presence\":{\"since\":null,\"activities\":[%s],\"status\":\"%s\",\"afk\":false}"
                .formatted(activities, status);
    }

    @Test
    void activityNameContainsShardId() {
        assertEquals(shown("dnd", "{\"name\":\"shard 7 | help\",\"type\":0}"), json(PLAYING));
    }

    @Test
    void emptyNameMeansNoActivity() {
        assertEquals(shown("invisible", ""), json(new Presence("invisible", 3, "")));
    }

    @Test
    void customStatusUsesState() {
        assertEquals(
                shown("idle", "{\"name\":\"Custom Status\",\"type\":4,\"state\":\"in shard 7\"}"),
                json(new Presence("idle", 4, "in shard {{shard}}")));
    }

    @Test
    void onlyStreamingActivityHasUrl() {
        String url = "https://www.twitch.tv/discord";
        assertEquals(
                shown("online", "{\"name\":\"x\",\"type\":1,\"url\":\"" + url + "\"}"),
                json(new Presence("online", 1, "x", url)));
        assertFalse(json(new Presence("online", 2, "x", url)).contains("url"));
        assertFalse(json(new Presence("online", 1, "x")).contains("url"));
    }

    @Test
    void everyConfigurablePresencePassesValidator() throws Exception {
        for (String status : Presence.STATUSES) {
            for (int type = 0; type <= 5; type++) {
                PresenceValidator.check(new Presence(status, type, "x", "https://x").toJson(0));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new Presence("asleep", 0, ""));
        assertThrows(IllegalArgumentException.class, () -> new Presence("idle", 6, ""));
    }

    @Test
    void configuredPresenceReplacesOneTooLongForIdentify() {
        var payloads = new GatewayPayloads(config(PLAYING));
        Map<String, Object> large = new Presence("idle", 0, "x".repeat(3_900)).toJson(7);
        String identify = payloads.identify(7, Optional.of(large));
        assertTrue(identify.contains("shard 7 | help"), identify);
        assertTrue(identify.getBytes(StandardCharsets.UTF_8).length <= OutboundFrame.MOST_BYTES);
        Map<String, Object> small = new Presence("idle", 0, "small").toJson(7);
        assertTrue(payloads.identify(7, Optional.of(small)).contains("small"));
    }

    private static GatewayConfig config(Presence presence) {
        return new GatewayConfig(
                new BotToken("t"),
                URI.create("ws://127.0.0.1"),
                0,
                9,
                10,
                1,
                Duration.ofSeconds(5),
                0,
                250,
                presence,
                Compression.NONE,
                1,
                1);
    }
}
