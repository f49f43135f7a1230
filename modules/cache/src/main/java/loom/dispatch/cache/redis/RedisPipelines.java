package loom.dispatch.cache.redis;

import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.runtime.SupervisedThread;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.runtime.ThreadPulse;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends pipelines over Redis connections, and closes a connection that makes no progress for too
 * long. Any thread may use it.
 *
 * <p>The thread {@code redis-silence} checks all running pipelines. Socket timeouts would not
 * suffice:
 *
 * <ul>
 *   <li>They do not cover a write to a server that has stopped reading.
 *   <li>Each timed read of a virtual thread wakes the JDK's delay scheduler twice (docs/adr/0021).
 * </ul>
 */
final class RedisPipelines implements AutoCloseable {
    /** The watcher closes a silent connection after the limit plus at most a fourth of it. */
    private static final int CHECKS_PER_LIMIT = 4;

    private final Duration limit;
    private final Set<Pipeline> running = ConcurrentHashMap.newKeySet();
    private final SupervisedThread watcher;
    private volatile boolean closed;

    /**
     * @param limit longest time in which Redis accepts no command and sends no reply
     * @param threads starts the watcher
     */
    RedisPipelines(Duration limit, SupervisedThreads threads) {
        this.limit = limit;
        watcher = threads.startPlatform("redis-silence", this::watch);
    }

    private void watch(ThreadPulse pulse) throws InterruptedException {
        Duration interval = limit.dividedBy(CHECKS_PER_LIMIT);
        while (true) {
            pulse.expectWithin(interval);
            Thread.sleep(interval);
            closeSilentConnections();
        }
    }

    /**
     * One pipeline, from its first command to its last reply. Either the thread that reads the last
     * reply ends it, or the watcher does.
     *
     * <p>After the watcher has ended it, no more commands are sent: Jedis would reconnect without
     * authentication. The watcher never closes a connection that was returned to the pool, for the
     * same reason.
     */
    private static final class Pipeline {
        private final Connection connection;
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile long progressNanos = System.nanoTime();

        Pipeline(Connection connection) {
            this.connection = connection;
        }

        void progressed() {
            progressNanos = System.nanoTime();
        }

        void requireOpen() {
            if (ended.get()) {
                throw new JedisConnectionException("the watcher closed the connection");
            }
        }

        /** Ends the pipeline. Returns false if it had already ended. */
        boolean end() {
            return ended.compareAndSet(false, true);
        }
    }

    /**
     * Sends commands and waits for all replies, see {@link RedisConnection#exchange}.
     *
     * @throws RedisUnavailableException if the connection fails or is closed, or if a reply reports
     *     the state of the server; the connection is then marked as broken
     */
    List<Object> exchange(Connection connection, List<CommandArguments> commands) {
        var pipeline = new Pipeline(connection);
        running.add(pipeline);
        try {
            if (closed) {
                throw new JedisConnectionException("closed");
            }
            List<Object> replies = exchange(pipeline, commands);
            if (!pipeline.end()) {
                throw new JedisConnectionException("the watcher closed the connection");
            }
            return replies;
        } catch (JedisException failure) {
            connection.setBroken();
            throw new RedisUnavailableException(
                    pipeline.end() ? RedisFailures.reason(failure) : closeReason(), failure);
        } finally {
            running.remove(pipeline);
        }
    }

    private String closeReason() {
        return closed ? "closed" : "no progress for " + limit.toMillis() + " ms";
    }

    private static List<Object> exchange(Pipeline pipeline, List<CommandArguments> commands) {
        Connection connection = pipeline.connection;
        connection.setTimeoutInfinite();
        for (CommandArguments command : commands) {
            pipeline.requireOpen();
            connection.sendCommand(command);
            pipeline.progressed();
        }
        List<Object> replies = new ArrayList<>(commands.size());
        while (replies.size() < commands.size()) {
            replies.add(reply(connection));
            pipeline.progressed();
        }
        connection.rollbackTimeout();
        return replies;
    }

    private static Object reply(Connection connection) {
        Object reply;
        try {
            reply = connection.getOne();
        } catch (JedisDataException error) {
            reply = error;
        }
        requireServing(reply);
        return reply;
    }

    private static void requireServing(Object reply) {
        if (reply instanceof JedisDataException error && RedisFailures.isCondition(error)) {
            throw error;
        }
        if (reply instanceof List<?> replies) {
            replies.forEach(RedisPipelines::requireServing);
        }
    }

    private void closeSilentConnections() {
        long now = System.nanoTime();
        for (Pipeline pipeline : running) {
            if (now - pipeline.progressNanos >= limit.toNanos() && pipeline.end()) {
                // closing TLS first sends close_notify, which can block behind the write that hangs
                Thread.startVirtualThread(() -> close(pipeline.connection));
            }
        }
    }

    private static void close(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException closedAlready) {
            // the connection is closed already
        }
    }

    /** Closes the connections of all running pipelines, because the watcher stops. */
    @Override
    public void close() {
        closed = true;
        watcher.stop();
        for (Pipeline pipeline : running) {
            if (pipeline.end()) {
                close(pipeline.connection);
            }
        }
    }
}
