package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.RedisServer;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Tests that a reader never sees a partly written guild. A guild of 100,000 members arrives twice,
 * the second time changed, while a reader reads all of it.
 */
class LargeGuildSwapTest {
    private static final int MEMBERS = 100_000;
    private static final int CHANGED = 1_500;
    private static final int CHANNELS = 300;
    private static final long READER_PAUSE_NANOS = 150_000_000;

    /**
     * Reads a guild and all objects of its index atomically. Returns four numbers: the version of
     * the guild, the missing objects, the objects of another version, and the listed objects.
     */
    private static final String READ_GUILD =
            """
            local function version(value)
                return value and string.match(value, '"version":(%d+)')
            end
            local own = version(redis.call('GET', 'guild:9'))
            local absent, other, all = 0, 0, 0
            for _, key in ipairs(redis.call('SMEMBERS', 'guild_keys:9')) do
                local value = redis.call('GET', key)
                local seen = version(value)
                all = all + 1
                if not value then absent = absent + 1 end
                if seen and seen ~= own then other = other + 1 end
            end
            return (own or 0) .. ' ' .. absent .. ' ' .. other .. ' ' .. all
            """;

    @Test
    void readerSeesLargeGuildBeforeOrAfterChange() throws Exception {
        RedisServer server = SharedRedis.emptied();
        try (RedisClient redis = RedisClient.connect(RedisTestClient.config(server));
                RedisTestClient probe = new RedisTestClient(server)) {
            StateConfig config = StateConfig.DEFAULT.withLives(Duration.ZERO, Duration.ZERO);
            StateCache cache = new StateCache(redis, config, 1);
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<List<String>> reads =
                    CompletableFuture.supplyAsync(() -> readUntil(done, probe));
            List<StateEvent> versions = List.of(version(1), version(2));
            for (StateEvent version : versions) {
                cache.apply(0, List.of(version));
            }
            done.set(true);
            List<String> seen = reads.join();
            List<String> distinct = seen.stream().distinct().toList();
            int size = MEMBERS + CHANNELS;
            List<String> whole = List.of("0 0 0 0", "1 0 0 " + size, "2 0 0 " + size);
            assertTrue(whole.containsAll(distinct), distinct::toString);
            assertEquals(whole.getLast(), seen.getLast());
            assertTrue(seen.size() >= 5, "a reader that was quick enough: " + seen);
        }
    }

    private static List<String> readUntil(AtomicBoolean done, RedisTestClient probe) {
        List<String> seen = new ArrayList<>();
        while (!done.get()) {
            seen.add((String) probe.eval(READ_GUILD));
            // the script blocks Redis, so the reader pauses
            LockSupport.parkNanos(READER_PAUSE_NANOS);
        }
        seen.add((String) probe.eval(READ_GUILD));
        return seen;
    }

    /** Between versions all channels and some members change, appear and disappear. */
    private static StateEvent version(int number) {
        StringBuilder guild = new StringBuilder(20 << 20);
        guild.append("{\"id\":\"9\",\"version\":%d,\"channels\":[".formatted(number));
        guild.append(
                String.join(
                        ",",
                        IntStream.range(0, CHANNELS)
                                .mapToObj(i ->
                                        "{\"id\":\"%d\",\"version\":%d}"
                                                .formatted(500_000 + i + number, number))
                                .toList()));
        guild.append("],\"members\":[");
        for (int i = 0; i < MEMBERS; i++) {
            String user = "{\"user\":{\"id\":\"%d\"}".formatted(1_000_000 + i + number * 1_000);
            guild.append(i == 0 ? "" : ",").append(user);
            guild.append(i % (MEMBERS / CHANGED) == 0 ? ",\"version\":" + number + "}" : "}");
        }
        byte[] data = RedisTestClient.utf8(guild.append("]}").toString());
        return new StateEvent("session", number, "GUILD_CREATE", data);
    }
}
