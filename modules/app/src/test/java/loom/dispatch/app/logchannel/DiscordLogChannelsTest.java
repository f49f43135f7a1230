package loom.dispatch.app.logchannel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.app.config.Environment;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.logchannel.DiscordLogChannel.Pace;
import loom.dispatch.cache.GuildMembershipChange;
import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.Eventually;
import loom.dispatch.simulator.ClientActionRecorder.RestCall;
import loom.dispatch.simulator.Simulator;
import loom.dispatch.simulator.SimulatorConfig;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tests that log channels get all entries in few messages and delay nothing. */
final class DiscordLogChannelsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ShardLifecycleEvent DISCONNECTED =
            new ShardLifecycleEvent.Disconnected(1001, "");
    private static final Pace PACE =
            new Pace(Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofMillis(600));

    private final SimulatorConfig simulated = SimulatorConfig.standard();
    private Simulator simulator;
    private DiscordLogChannels channels;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(simulated);
    }

    @AfterEach
    void stop() throws Exception {
        channels.close();
        simulator.close();
    }

    private void open(Pace pace, String shards, String guilds) throws Exception {
        var environment =
                new Environment(
                        Map.of(),
                        Map.of(
                                "BOT_TOKEN",
                                simulated.token(),
                                "DISCORD_API_URL",
                                simulator.restUri().toString(),
                                "LOG_CHANNEL",
                                shards,
                                "LOG_GUILD_CHANNEL",
                                guilds));
        channels =
                DiscordLogChannels.open(
                        Settings.from(environment).discord(),
                        pace,
                        SupervisedThreads.unsupervised());
    }

    private List<RestCall> calls(int status) {
        return simulator.recorder().restCalls().stream()
                .filter(call -> call.status() == status)
                .toList();
    }

    private <E extends Exception> void await(Eventually.Condition<E> condition) throws E {
        Eventually.await(
                "the REST calls",
                PATIENCE,
                () -> simulator.recorder().restCalls().toString(),
                condition);
    }

    private void storm(int shards) {
        for (int shard = 0; shard < shards; shard++) {
            channels.add(shard, DISCONNECTED);
            channels.add(shard, new ShardLifecycleEvent.Connected());
            channels.add(shard, new ShardLifecycleEvent.Resumed("session"));
        }
    }

    private boolean said(String text) {
        return calls(200).stream().anyMatch(call -> call.body().contains(text));
    }

    @Test
    void eachChannelGetsItsEntries() throws Exception {
        open(PACE, "111", "222");
        channels.add(3, new ShardLifecycleEvent.Ready("session"));
        channels.add(
                new GuildMembershipChange(
                        GuildMembershipChange.Kind.LEFT, "4711", Optional.of("A Guild")));
        await(() -> calls(200).size() == 2);
        for (RestCall call : calls(200)) {
            boolean ofShards = call.path().contains("/channels/111/messages");
            assertEquals(ofShards, call.body().contains("[Shard 3] Ready"), call::body);
            assertEquals(!ofShards, call.body().contains("A Guild (4711)"), call::body);
        }
    }

    @Test
    void guildOutageIsNeitherJoinNorLeave() throws Exception {
        open(PACE, "111", "111");
        for (var kind :
                List.of(
                        GuildMembershipChange.Kind.AVAILABLE,
                        GuildMembershipChange.Kind.UNAVAILABLE)) {
            channels.add(new GuildMembershipChange(kind, "4711", Optional.of("A Guild")));
        }
        channels.add(3, new ShardLifecycleEvent.Ready("session"));
        await(() -> said("[Shard 3] Ready"));
        assertTrue(!said("Guild"), calls(200)::toString);
    }

    @Test
    void thousandReconnectingShardsAreFewMessages() throws Exception {
        open(PACE, "111", "0");
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        while (System.nanoTime() < end) {
            storm(1_000);
            Thread.sleep(5);
        }
        channels.add(1_000, new ShardLifecycleEvent.Ready("the last"));
        await(() -> said("Ready"));
        assertTrue(calls(200).size() <= 9, () -> calls(200).size() + " messages");
        assertTrue(said("[1000 Shards] Resumed"), calls(200)::toString);
        assertEquals(0, calls(429).size());
    }

    @Test
    void rateLimitedMessageIsPostedOnceLater() throws Exception {
        open(PACE, "111", "0");
        simulator.faults().failRest("/messages", 429);
        channels.add(3, DISCONNECTED);
        await(() -> calls(429).size() == 1);
        long limited = calls(429).getFirst().nanos();
        simulator.faults().restoreRest();
        await(() -> said("[Shard 3] Disconnected"));
        RestCall posted = calls(200).getFirst();
        assertTrue(posted.nanos() - limited >= Duration.ofSeconds(1).toNanos(), "Retry-After: 1");
        assertEquals(calls(429).getFirst().body(), posted.body(), "the same nonce");
        channels.close();
        assertEquals(1, calls(200).size());
    }

    @Test
    void pausesAfterLastMessageThatLimitAllows() throws Exception {
        open(new Pace(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO), "111", "0");
        for (int i = 0; i < 6; i++) {
            int shard = i;
            channels.add(shard, DISCONNECTED);
            await(() -> said("[Shard " + shard + "]"));
        }
        assertEquals(0, calls(429).size());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404})
    void pausesAfterRefusal(int status) throws Exception {
        open(PACE, "111", "0");
        simulator.faults().failRest("/messages", status);
        channels.add(0, DISCONNECTED);
        await(() -> calls(status).size() == 1);
        for (int shard = 1; shard < 500; shard++) {
            channels.add(shard, DISCONNECTED);
        }
        await(() -> calls(status).size() == 2);
        long pause = calls(status).get(1).nanos() - calls(status).get(0).nanos();
        assertTrue(pause >= PACE.refused().toNanos(), () -> pause + " ns");
        simulator.faults().restoreRest();
        channels.add(500, DISCONNECTED);
        await(() -> said("[Shard 500]"));
    }

    @Test
    void addNeverWaitsForHangingDiscord() throws Exception {
        open(PACE, "111", "0");
        simulator.faults().delayRest(2_000);
        channels.add(0, DISCONNECTED);
        long before = System.nanoTime();
        storm(100_000);
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(took.toMillis() < 1_500, took::toString);
    }

    @Test
    void closePostsRemainingEntries() throws Exception {
        open(Pace.STANDARD, "111", "0");
        channels.add(3, DISCONNECTED);
        channels.close();
        assertTrue(said("[Shard 3] Disconnected"), calls(200)::toString);
    }

    @Test
    void closeDoesNotWaitForHangingDiscord() throws Exception {
        open(Pace.STANDARD, "111", "0");
        simulator.faults().delayRest(8_000);
        channels.add(3, DISCONNECTED);
        long before = System.nanoTime();
        channels.close();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(took.toMillis() < 4_000, took::toString);
    }
}
