package loom.dispatch.cache;

import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import redis.clients.jedis.Jedis;

/**
 * The Redis that the tests of one JVM share, which run one after the other. A test that kills or
 * configures Redis starts its own server.
 */
public final class SharedRedis {
    private static final RedisServer SERVER = Servers.redis("--appendonly", "no");

    private SharedRedis() {}

    /** Deletes all keys and returns the server. Do not close it: the JVM kills it at exit. */
    public static RedisServer emptied() {
        try (var jedis = new Jedis(SERVER.host(), SERVER.port())) {
            jedis.flushAll();
        }
        return SERVER;
    }
}
