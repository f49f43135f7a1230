package loom.dispatch.cache.redis;

import loom.dispatch.cache.RedisUnavailableException;

import redis.clients.jedis.CommandArguments;

import java.util.List;

/**
 * A connection to Redis on which commands arrive in order. One thread uses it at a time. Closing it
 * returns it to the pool.
 */
public interface RedisConnection extends AutoCloseable {

    /**
     * Sends commands in one pipeline and waits for all replies, in the order of the commands.
     *
     * @return one reply for each command: {@code null}, {@code byte[]}, {@code Long}, a {@code
     *     List} of these, or the {@link redis.clients.jedis.exceptions.JedisDataException} with
     *     which Redis refused the command
     * @throws RedisUnavailableException if a reply is missing, or if it reports the state of the
     *     server instead of an error in the command
     */
    List<Object> exchange(List<CommandArguments> commands);

    /** Whether transactions can span any keys. True for every topology except Redis Cluster. */
    boolean transactions();

    @Override
    void close();
}
