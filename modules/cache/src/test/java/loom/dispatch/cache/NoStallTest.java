package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.RedisServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tests that bulk changes run in chunks, so that the batches of another shard continue. Prints the
 * time of the change and of the batches.
 */
class NoStallTest {
    private static final int MEMBERS = 100_000;
    private static final int MESSAGES = 50_000;
    private static final int GUILDS = 2_500;

    /** The batches of the other shard that must at least complete during the change. */
    private static final int MIN_BATCHES = 20;

    /** The id of a guild of the other shard. */
    private static final String OTHER_GUILD = Long.toString(1L << 22);

    private static final StateConfig CONFIG =
            StateConfig.DEFAULT.withLives(Duration.ZERO, Duration.ZERO);

    private static RedisServer server;
    private static RedisClient redis;
    private static StateCache cache;
    private static RedisTestClient probe;
    private static long sequence;

    @BeforeAll
    static void start() throws Exception {
        server = SharedRedis.emptied();
        redis = RedisClient.connect(RedisTestClient.config(server));
        cache = new StateCache(redis, CONFIG, 2);
        probe = new RedisTestClient(server);
    }

    @AfterAll
    static void stop() {
        probe.close();
        redis.close();
    }

    @Test
    void removingRoleFrom100kMembersDelaysNoOtherShard() throws Exception {
        apply(
                "GUILD_CREATE",
                "{\"id\":\"8388608\",\"roles\":[{\"id\":\"7\"}],\"members\":[%s]}"
                        .formatted(
                                list(
                                        MEMBERS,
                                        i ->
                                                "{\"user\":{\"id\":\"%d\",\"username\":\"somebody\"},\"roles\":[\"7\",\"%d\"]}"
                                                        .formatted(1_000_000 + i, i % 9))));
        assertOtherShardWorksDuring(
                "GUILD_ROLE_DELETE in a guild of %d members".formatted(MEMBERS),
                () -> apply("GUILD_ROLE_DELETE", "{\"guild_id\":\"8388608\",\"role_id\":\"7\"}"));
        assertEquals(0, probe.members("role_keys:8388608").size());
        assertTrue(!probe.get("member:8388608:1000001").contains("\"7\""));
        apply("GUILD_DELETE", "{\"id\":\"8388608\"}");
    }

    @Test
    void deletingChannelWith50kMessagesDelaysNoOtherShard() throws Exception {
        apply("GUILD_CREATE", "{\"id\":\"16777216\",\"channels\":[{\"id\":\"5\"}]}");
        List<StateEvent> messages = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            messages.add(
                    event(
                            "MESSAGE_CREATE",
                            "{\"guild_id\":\"16777216\",\"channel_id\":\"5\",\"id\":\"%d\",\"content\":\"hello\"}"
                                    .formatted(1_000_000 + i)));
        }
        cache.apply(0, messages);
        assertEquals(MESSAGES, probe.members("channel_keys:5").size());
        assertOtherShardWorksDuring(
                "CHANNEL_DELETE with %d messages".formatted(MESSAGES),
                () -> apply("CHANNEL_DELETE", "{\"guild_id\":\"16777216\",\"id\":\"5\"}"));
        assertEquals(0, probe.members("channel_keys:5").size());
        apply("GUILD_DELETE", "{\"id\":\"16777216\"}");
    }

    @Test
    void readyWith2500GuildsDelaysNoOtherShard() throws Exception {
        List<StateEvent> guilds = new ArrayList<>();
        for (int i = 1; i <= GUILDS; i++) {
            guilds.add(
                    event(
                            "GUILD_CREATE",
                            "{\"id\":\"%d\",\"channels\":[{\"id\":\"%d\"}],\"roles\":[{\"id\":\"3\"}]}"
                                    .formatted((long) (2 * i) << 22, 9_000_000 + i)));
        }
        cache.apply(0, guilds);
        String half =
                list(
                        GUILDS / 2,
                        i ->
                                "{\"id\":\"%d\",\"unavailable\":true}"
                                        .formatted((long) (2 * (i + 1)) << 22));
        assertOtherShardWorksDuring(
                "READY that lists half of %d guilds".formatted(GUILDS),
                () -> apply("READY", "{\"user\":{\"id\":\"1\"},\"guilds\":[%s]}".formatted(half)));
        assertEquals(
                GUILDS / 2,
                probe.members("guild_keys").stream()
                        .filter(key -> !key.endsWith(OTHER_GUILD))
                        .count());
        apply("READY", "{\"user\":{\"id\":\"1\"},\"guilds\":[]}");
    }

    private interface BulkChange {
        void run() throws InterruptedException;
    }

    private static void assertOtherShardWorksDuring(String name, BulkChange change)
            throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        cache.apply(1, List.of(event("GUILD_CREATE", "{\"id\":\"" + OTHER_GUILD + "\"}")));
        CompletableFuture<List<Long>> other =
                CompletableFuture.supplyAsync(() -> batchMicros(done));
        long start = System.nanoTime();
        change.run();
        long millis = (System.nanoTime() - start) / 1_000_000;
        done.set(true);
        List<Long> micros = other.join();
        Collections.sort(micros);
        System.out.printf(
                "%s: %d ms; meanwhile %d batches of another shard, p50 %d us, p99 %d us, longest %d"
                        + " us%n",
                name,
                millis,
                micros.size(),
                micros.get(micros.size() / 2),
                micros.get(micros.size() * 99 / 100),
                micros.getLast());
        assertTrue(micros.size() > MIN_BATCHES, () -> name + ": " + micros);
    }

    /** The times of batches of sixteen messages, until done. */
    private static List<Long> batchMicros(AtomicBoolean done) {
        List<Long> micros = new ArrayList<>();
        try {
            for (long own = 1; !done.get(); own += 16) {
                List<StateEvent> batch = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    batch.add(
                            new StateEvent(
                                    "other",
                                    own + i,
                                    "MESSAGE_CREATE",
                                    RedisTestClient.utf8(
                                            "{\"guild_id\":\"%s\",\"channel_id\":\"6\",\"id\":\"%d\"}"
                                                    .formatted(OTHER_GUILD, i))));
                }
                long start = System.nanoTime();
                cache.apply(1, batch);
                micros.add((System.nanoTime() - start) / 1_000);
            }
        } catch (InterruptedException end) {
            throw new IllegalStateException(end);
        }
        return micros;
    }

    private static void apply(String type, String data) throws InterruptedException {
        cache.apply(0, List.of(event(type, data)));
    }

    private static StateEvent event(String type, String data) {
        return new StateEvent("session", ++sequence, type, RedisTestClient.utf8(data));
    }

    private static String list(int count, IntFunction<String> element) {
        return IntStream.range(0, count).mapToObj(element).collect(Collectors.joining(","));
    }
}
