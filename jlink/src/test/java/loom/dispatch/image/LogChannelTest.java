package loom.dispatch.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.ClientActionRecorder.RestCall;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Tests the messages that the image posts to Discord's log channels. */
final class LogChannelTest {
    private static final Map<String, String> CHANNELS =
            Map.of("LOG_CHANNEL", "111", "LOG_GUILD_CHANNEL", "222");

    private static List<String> posted(ImageTestSetup setup, String channel) {
        return setup.simulator().recorder().restCalls().stream()
                .filter(call -> call.path().contains("/channels/" + channel + "/messages"))
                .filter(call -> call.status() == 200)
                .map(RestCall::body)
                .toList();
    }

    private static void awaitPosted(ImageTestSetup setup, String channel, String text)
            throws Exception {
        setup.await(text, () -> posted(setup, channel).toString().contains(text));
    }

    private static void dispatch(ImageTestSetup setup, String type, String d) {
        setup.simulator().events().emitRaw(0, type, d.getBytes(StandardCharsets.UTF_8));
    }

    private static String guildOfShard0(ImageTestSetup setup) {
        return setup.simulator().world().guildIds().stream()
                .filter(id -> (Long.parseUnsignedLong(id) >>> 22) % ImageTestSetup.SHARDS == 0)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void postsOnlyRealJoinsAndLeavesInAnOutage() throws Exception {
        try (var setup = new ImageTestSetup()) {
            setup.startImage(CHANNELS);
            setup.awaitReady();
            for (int shard = 0; shard < ImageTestSetup.SHARDS; shard++) {
                awaitPosted(setup, "111", "[Shard " + shard + "] Ready");
            }
            String known = guildOfShard0(setup);
            dispatch(setup, "GUILD_DELETE", "{\"id\":\"" + known + "\",\"unavailable\":true}");
            dispatch(setup, "GUILD_CREATE", "{\"id\":\"" + known + "\",\"name\":\"Back\"}");
            dispatch(setup, "GUILD_CREATE", "{\"id\":\"4000\",\"name\":\"Brand New\"}");
            dispatch(setup, "GUILD_DELETE", "{\"id\":\"4000\"}");
            dispatch(setup, "GUILD_DELETE", "{\"id\":\"8000\"}");
            awaitPosted(setup, "222", "Unknown (0)");
            String told = posted(setup, "222").toString();
            assertEquals(1, told.split("Guild Join", -1).length - 1, told);
            assertEquals(2, told.split("Guild Leave", -1).length - 1, told);
            assertTrue(told.contains("Brand New (4000)"), told);
            String metrics = setup.image().get("/metrics").body();
            assertTrue(metrics.contains("gateway_guild_events{type=\"Join\"} 1\n"), metrics);
            assertTrue(metrics.contains("gateway_guild_events{type=\"Leave\"} 2\n"), metrics);
            setup.image().terminate();
            assertEquals(0, setup.image().awaitExit(ImageTestSetup.TIMEOUT), setup.image()::output);
            assertTrue(
                    posted(setup, "111").toString().contains("[Shard 3] Disconnected"),
                    posted(setup, "111")::toString);
        }
    }

    @Test
    void refusedChannelDelaysNoEvent() throws Exception {
        try (var setup = new ImageTestSetup()) {
            setup.simulator().faults().failRest("/messages", 403);
            setup.startImage(CHANNELS);
            setup.awaitReady();
            setup.simulator().events().rate(1_000);
            setup.awaitEvents(3_000);
            setup.assertNoEventLost();
            long asked =
                    setup.simulator().recorder().restCalls().stream()
                            .filter(call -> call.status() == 403)
                            .count();
            assertEquals(1, asked, "requests, because the next one comes after ten minutes");
            assertTrue(setup.image().output().contains("event=log_channel.refused"));
        }
    }
}
