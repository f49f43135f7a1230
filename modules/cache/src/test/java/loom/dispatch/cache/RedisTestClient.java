package loom.dispatch.cache;

import loom.dispatch.servers.RedisServer;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads and writes Redis with its own Jedis client, as a consumer does. */
public final class RedisTestClient implements AutoCloseable {
    private static final String READ_ALL =
            """
            local all = {}
            for _, key in ipairs(redis.call('KEYS', '*')) do
                local type = redis.call('TYPE', key).ok
                local value = type == 'string' and redis.call('GET', key)
                    or type == 'set' and redis.call('SMEMBERS', key)
                if value then
                    all[#all + 1] = key
                    all[#all + 1] = value
                end
            end
            return all
            """;

    /** A script over the whole database takes long on a busy machine. */
    private static final int TIMEOUT_MILLIS = 30_000;

    private final RedisClient client;

    public RedisTestClient(RedisServer server) {
        client =
                RedisClient.builder()
                        .hostAndPort(server.host(), server.port())
                        .clientConfig(
                                DefaultJedisClientConfig.builder()
                                        .timeoutMillis(TIMEOUT_MILLIS)
                                        .build())
                        .build();
    }

    public static RedisConfig config(RedisServer server) {
        return RedisConfig.standalone(server.host(), server.port());
    }

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String get(String key) {
        return client.get(key);
    }

    void set(String key, String value) {
        client.set(key, value);
    }

    public Set<String> members(String key) {
        return new TreeSet<>(client.smembers(key));
    }

    Map<String, String> hash(String key) {
        return new TreeMap<>(client.hgetAll(key));
    }

    void hashSet(String key, String field, String value) {
        client.hset(key, field, value);
    }

    void add(String key, String... members) {
        client.sadd(key, members);
    }

    void delete(String... keys) {
        client.del(keys);
    }

    /** Expires all keys that have a TTL. */
    void expireAll() {
        keys().stream()
                .filter(key -> !key.startsWith("gateway_") && client.pttl(key) >= 0)
                .forEach(key -> client.pexpire(key, 0));
    }

    long timeToLiveMillis(String key) {
        return client.pttl(key);
    }

    Set<String> keys() {
        return new TreeSet<>(client.keys("*"));
    }

    /** Dumps all values of the database. */
    Map<String, byte[]> save() {
        Map<String, byte[]> all = new TreeMap<>();
        keys().forEach(key -> all.put(key, client.dump(key)));
        return all;
    }

    /** Replaces the content of the database by a dump. */
    void restore(Map<String, byte[]> all) {
        client.flushDB();
        try (var pipeline = client.pipelined()) {
            all.forEach((key, value) -> pipeline.restore(key, 0, value));
        }
    }

    /** The reply of a script. */
    public Object eval(String script) {
        return client.eval(script);
    }

    /** All strings and sets, read atomically. */
    Map<String, Object> readAll() {
        List<?> flat = (List<?>) client.eval(READ_ALL);
        Map<String, Object> all = new TreeMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            all.put((String) flat.get(i), flat.get(i + 1));
        }
        return all;
    }

    String type(String key) {
        return client.type(key);
    }

    List<String> list(String key) {
        return client.lrange(key, 0, -1);
    }

    @Override
    public void close() {
        client.close();
    }
}
