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
 * Sends commands over one connection in one pipeline and reads their replies; cuts a connection
 * over which nothing moves for too long.
 *
 * <p>The socket's own timeout would not do: it knows nothing of a write to a server that no longer
 * reads, and each read of a virtual thread that has one wakes the JDK's scheduler of delays twice
 * (docs/adr/0021). So a thread of this class looks at all pipelines that are under way, now and
 * then. Any thread may use it.
 */
final class RedisPipelines implements AutoCloseable {
    /** A silence is noticed after the limit and at most so much of it more: a fourth. */
    private static final int LOOKS = 4;

    private final Duration limit;
    private final Set<UnderWay> underWay = ConcurrentHashMap.newKeySet();
    private final SupervisedThread watcher;
    private volatile boolean closed;

    /**
     * @param limit the longest wait for Redis to take a pipeline or to answer with one more reply
     * @param threads starts the thread that closes silent connections
     */
    RedisPipelines(Duration limit, SupervisedThreads threads) {
        this.limit = limit;
        watcher = threads.startPlatform("redis-silence", this::watch);
    }

    private void watch(ThreadPulse pulse) throws InterruptedException {
        Duration interval = limit.dividedBy(LOOKS);
        while (true) {
            pulse.expectWithin(interval);
            Thread.sleep(interval);
            cutSilent();
        }
    }

    /**
     * One pipeline, from its first command to its last reply. Whoever ends it decides: who reads
     * its last reply, or who cuts it. Nothing is said on a connection that was cut, and none is cut
     * that was given back: the client would connect anew by itself, and introduce itself to nobody.
     */
    private static final class UnderWay {
        private final Connection connection;
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile long movedNanos = System.nanoTime();

        UnderWay(Connection connection) {
            this.connection = connection;
        }

        void moved() {
            movedNanos = System.nanoTime();
        }

        void requireOpen() {
            if (ended.get()) {
                throw new JedisConnectionException("cut");
            }
        }

        /** Whether it had not ended before. */
        boolean end() {
            return ended.compareAndSet(false, true);
        }
    }

    /**
     * Sends and waits for all replies, as {@link RedisConnection#exchange} tells.
     *
     * @throws RedisUnavailableException if the connection fails, is cut, or a reply says that it is
     *     not the command's fault; the connection is broken then
     */
    List<Object> exchange(Connection connection, List<CommandArguments> commands) {
        var pipeline = new UnderWay(connection);
        underWay.add(pipeline);
        try {
            if (closed) {
                throw new JedisConnectionException("closed");
            }
            List<Object> replies = exchange(pipeline, commands);
            if (!pipeline.end()) {
                throw new JedisConnectionException("cut");
            }
            return replies;
        } catch (JedisException failure) {
            connection.setBroken();
            throw new RedisUnavailableException(
                    pipeline.end() ? RedisFailures.reason(failure) : cutBecause(), failure);
        } finally {
            underWay.remove(pipeline);
        }
    }

    private String cutBecause() {
        return closed ? "closed" : "nothing heard for " + limit.toMillis() + " ms";
    }

    private static List<Object> exchange(UnderWay pipeline, List<CommandArguments> commands) {
        Connection connection = pipeline.connection;
        connection.setTimeoutInfinite();
        for (CommandArguments command : commands) {
            pipeline.requireOpen();
            connection.sendCommand(command);
            pipeline.moved();
        }
        List<Object> replies = new ArrayList<>(commands.size());
        while (replies.size() < commands.size()) {
            replies.add(reply(connection));
            pipeline.moved();
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

    private void cutSilent() {
        long now = System.nanoTime();
        for (UnderWay pipeline : underWay) {
            if (now - pipeline.movedNanos >= limit.toNanos() && pipeline.end()) {
                // TLS says goodbye first, which may wait for the very write that hangs
                Thread.startVirtualThread(() -> cut(pipeline.connection));
            }
        }
    }

    private static void cut(Connection connection) {
        try {
            connection.forceDisconnect();
        } catch (IOException closedAlready) {
            // which is what was wanted
        }
    }

    /** Cuts all that are under way: nobody would see their silence any more. */
    @Override
    public void close() {
        closed = true;
        watcher.stop();
        for (UnderWay pipeline : underWay) {
            if (pipeline.end()) {
                cut(pipeline.connection);
            }
        }
    }
}
