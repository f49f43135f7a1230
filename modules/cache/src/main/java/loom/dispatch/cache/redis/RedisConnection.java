package loom.dispatch.cache.redis;

import loom.dispatch.cache.RedisUnavailableException;

import redis.clients.jedis.CommandArguments;

import java.util.List;

/**
 * One conversation with Redis: what is said on it arrives in order. Used by one thread at a time;
 * must be closed, which gives the connection back.
 */
public interface RedisConnection extends AutoCloseable {

    /**
     * Sends commands in one pipeline and waits for all replies, in the commands' order.
     *
     * @return per command {@code null}, {@code byte[]}, {@code Long}, {@code List} of the same, or
     *     the {@link redis.clients.jedis.exceptions.JedisDataException} that it was answered with
     * @throws RedisUnavailableException when a reply is missing or says that it is not the
     *     command's fault
     */
    List<Object> exchange(List<CommandArguments> commands);

    /** Whether WATCH, MULTI and EXEC can span any keys here, as on everything but a cluster. */
    boolean transactions();

    @Override
    void close();
}
