package loom.dispatch.cache;

import loom.dispatch.servers.RedisServer;

import redis.clients.jedis.RedisClient;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A consumer's view of a Redis: reads and writes with a client of its own. */
final class Probe implements AutoCloseable {
    private final RedisClient client;

    Probe(RedisServer server) {
        client = RedisClient.create(server.host(), server.port());
    }

    static RedisConfig config(RedisServer server) {
        return RedisConfig.standalone(server.host(), server.port());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String get(String key) {
        return client.get(key);
    }

    void set(String key, String value) {
        client.set(key, value);
    }

    Set<String> members(String key) {
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

    long timeToLiveMillis(String key) {
        return client.pttl(key);
    }

    Set<String> keys() {
        return new TreeSet<>(client.keys("*"));
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
