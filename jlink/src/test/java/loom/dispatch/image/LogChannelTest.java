package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.ClientActionRecorder.RestCall;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What the image tells Discord's channels is what happened, and events never wait for it. */
final class LogChannelTest {
    private static final Map<String, String> CHANNELS =
            Map.of("LOG_CHANNEL", "111", "LOG_GUILD_CHANNEL", "222");

    private static List<String> posted(ImageTestSetup stage, String channel) {
        return stage.simulator().recorder().restCalls().stream()
                .filter(call -> call.path().contains("/channels/" + channel + "/messages"))
                .filter(call -> call.status() == 200)
                .map(RestCall::body)
                .toList();
    }

    private static void awaitSaid(ImageTestSetup stage, String channel, String text)
            throws Exception {
        stage.await(text, () -> posted(stage, channel).toString().contains(text));
    }

    private static void dispatch(ImageTestSetup stage, String type, String d) {
        stage.simulator().events().emitRaw(0, type, d.getBytes(StandardCharsets.UTF_8));
    }

    private static String guildOfShard0(ImageTestSetup stage) {
        return stage.simulator().world().guildIds().stream()
                .filter(id -> (Long.parseUnsignedLong(id) >>> 22) % ImageTestSetup.SHARDS == 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void joinsAndLeavesAreTruthfulWhateverAnOutageDoes() throws Exception {
        try (var stage = new ImageTestSetup()) {
            stage.startImage(CHANNELS);
            stage.awaitReady();
            for (int shard = 0; shard < ImageTestSetup.SHARDS; shard++) {
                awaitSaid(stage, "111", "[Shard " + shard + "] Ready");
            }
            String known = guildOfShard0(stage);
            dispatch(stage, "GUILD_DELETE", "{\"id\":\"" + known + "\",\"unavailable\":true}");
            dispatch(stage, "GUILD_CREATE", "{\"id\":\"" + known + "\",\"name\":\"Back\"}");
            dispatch(stage, "GUILD_CREATE", "{\"id\":\"4000\",\"name\":\"Brand New\"}");
            dispatch(stage, "GUILD_DELETE", "{\"id\":\"4000\"}");
            dispatch(stage, "GUILD_DELETE", "{\"id\":\"8000\"}");
            awaitSaid(stage, "222", "Unknown (0)");
            String told = posted(stage, "222").toString();
            assertEquals(1, told.split("Guild Join", -1).length - 1, told);
            assertEquals(2, told.split("Guild Leave", -1).length - 1, told);
            assertTrue(told.contains("Brand New (4000)"), told);
            String metrics = stage.image().get("/metrics").body();
            assertTrue(metrics.contains("gateway_guild_events{type=\"Join\"} 1\n"), metrics);
            assertTrue(metrics.contains("gateway_guild_events{type=\"Leave\"} 2\n"), metrics);
            stage.image().terminate();
            assertEquals(
                    0, stage.image().awaitExit(ImageTestSetup.PATIENCE), stage.image()::output);
            assertTrue(
                    posted(stage, "111").toString().contains("[Shard 3] Disconnected"),
                    posted(stage, "111")::toString);
        }
    }

    @Test
    void aChannelThatDiscordRefusesHoldsUpNothing() throws Exception {
        try (var stage = new ImageTestSetup()) {
            stage.simulator().faults().failRest("/messages", 403);
            stage.startImage(CHANNELS);
            stage.awaitReady();
            stage.simulator().events().rate(1_000);
            stage.awaitEvents(3_000);
            stage.assertPromiseKept();
            long asked =
                    stage.simulator().recorder().restCalls().stream()
                            .filter(call -> call.status() == 403)
                            .count();
            assertEquals(1, asked, "it is not asked again for ten minutes");
            assertTrue(stage.image().output().contains("event=log_channel.refused"));
        }
    }
}
