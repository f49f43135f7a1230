package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisConnector;
import loom.dispatch.cache.redis.RedisConnectorFactory;
import loom.dispatch.cache.redis.RedisFailures;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisOutageLog;
import loom.dispatch.runtime.RetryBackoff;
import loom.dispatch.runtime.SupervisedThreads;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisException;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * The connections to Redis, and the patience with it. Safe for many virtual threads at a time: each
 * borrows one of a bounded number of connections and waits when all are in use.
 */
public final class RedisClient implements AutoCloseable {
    /** A restart of Redis takes about 40 ms. */
    private static final RetryBackoff RETRY = new RetryBackoff(50, 3_000);

    private final RedisConnector connector;
    private final RedisOutageLog outage;
    private final LongAdder commands = new LongAdder();
    private final LongAdder roundTrips = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Speaks through a connector that it closes with itself. */
    public RedisClient(RedisConnector connector, RedisOutageLog outage) {
        this.connector = connector;
        this.outage = outage;
    }

    /**
     * Connects, waiting as long as Redis is unreachable or still loading; logs each attempt, at
     * most one line a second. Blocks and is interruptible.
     *
     * @param config where and how
     * @param threads starts the thread that closes connections over which nothing moves
     * @return the open connections
     * @throws RedisRefusedException when waiting cannot help: wrong password, no such database, no
     *     permission
     * @throws InterruptedException when the thread is interrupted
     */
    public static RedisClient connect(RedisConfig config, SupervisedThreads threads)
            throws RedisRefusedException, InterruptedException {
        RedisOutageLog outage = new RedisOutageLog(config.target());
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(config, outage, threads);
            } catch (RedisUnavailableException failure) {
                pause(outage, failure, attempt);
            }
        }
    }

    /** Connects as the other method does, for a program without a supervisor of its threads. */
    public static RedisClient connect(RedisConfig config)
            throws RedisRefusedException, InterruptedException {
        return connect(config, SupervisedThreads.unsupervised());
    }

    /**
     * Connects, or fails at once. Blocks for the configuration's two waits at most.
     *
     * @param config where and how
     * @return the open connections
     * @throws RedisRefusedException when waiting cannot help
     * @throws RedisUnavailableException when Redis does not answer now
     */
    public static RedisClient attempt(RedisConfig config) throws RedisRefusedException {
        return attempt(
                config, new RedisOutageLog(config.target()), SupervisedThreads.unsupervised());
    }

    private static RedisClient attempt(
            RedisConfig config, RedisOutageLog outage, SupervisedThreads threads)
            throws RedisRefusedException {
        RedisClient redis = null;
        try {
            redis = new RedisClient(RedisConnectorFactory.of(config, threads), outage);
            redis.exchange(List.of(RedisCommands.exists(RedisKeys.SHARDS)));
            return redis;
        } catch (JedisException | RedisUnavailableException failure) {
            if (redis != null) {
                redis.close();
            }
            if (RedisFailures.isRefusal(failure)) {
                throw new RedisRefusedException(
                        "Redis at %s refuses us: %s"
                                .formatted(config.target(), RedisFailures.reason(failure)),
                        failure);
            }
            throw failure instanceof RedisUnavailableException known
                    ? known
                    : new RedisUnavailableException(RedisFailures.reason(failure), failure);
        }
    }

    /**
     * Whether the latest conversation succeeded. Never blocks; with checkpoints every second this
     * is as fresh as a probe of its own.
     *
     * @return true while Redis answers
     */
    public boolean answering() {
        return !outage.lasts();
    }

    /**
     * Counters since the connect. Never blocks.
     *
     * @return a snapshot
     */
    public Stats stats() {
        return new Stats(
                commands.sum(), roundTrips.sum(), failures.sum(), connector.inUse(), answering());
    }

    /** Closes all connections; conversations that are under way fail. */
    @Override
    public void close() {
        connector.close();
    }

    /** Opens a conversation for several exchanges on one connection. */
    RedisConnection open() {
        try {
            return new CountedWire(connector.open());
        } catch (JedisException failure) {
            throw unavailable(failure);
        }
    }

    /** A conversation with each server that holds keys of its own; each is to be closed. */
    List<RedisConnection> nodes() {
        try {
            return connector.nodes().stream().<RedisConnection>map(CountedWire::new).toList();
        } catch (JedisException failure) {
            throw unavailable(failure);
        }
    }

    /** One pipeline on any connection; fails at once when Redis does not answer. */
    public List<Object> exchange(List<CommandArguments> pipeline) {
        try (RedisConnection wire = open()) {
            return wire.exchange(pipeline);
        }
    }

    /** Talks until it succeeds, starting over after each outage; only an interrupt ends it. */
    <T> T patiently(Conversation<T> conversation) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (RedisConnection wire = open()) {
                return conversation.on(wire);
            } catch (RedisUnavailableException failure) {
                pause(outage, failure, attempt);
            }
        }
    }

    /** Talks once; fails at once when Redis does not answer. */
    <T> T once(Conversation<T> conversation) throws InterruptedException {
        try (RedisConnection wire = open()) {
            return conversation.on(wire);
        }
    }

    /** What is said and concluded on one wire; repeatable, because it may fail half way. */
    interface Conversation<T> {
        T on(RedisConnection wire) throws InterruptedException;
    }

    private static void pause(RedisOutageLog outage, Throwable failure, int attempt)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("while waiting for Redis");
        }
        long millis = RETRY.delayMillis(attempt, ThreadLocalRandom.current());
        outage.waiting(failure, attempt, millis);
        Thread.sleep(millis);
    }

    private RedisUnavailableException unavailable(RuntimeException failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        failures.increment();
        outage.began();
        connector.refresh();
        return failure instanceof RedisUnavailableException known
                ? known
                : new RedisUnavailableException(RedisFailures.reason(failure), failure);
    }

    /** Counts what passes, and tells the outage and the connector about failures. */
    private final class CountedWire implements RedisConnection {
        private final RedisConnection wire;

        CountedWire(RedisConnection wire) {
            this.wire = wire;
        }

        @Override
        public List<Object> exchange(List<CommandArguments> pipeline) {
            commands.add(pipeline.size());
            roundTrips.increment();
            try {
                List<Object> replies = wire.exchange(pipeline);
                outage.succeeded();
                return replies;
            } catch (RedisUnavailableException failure) {
                throw unavailable(failure);
            }
        }

        @Override
        public boolean transactions() {
            return wire.transactions();
        }

        @Override
        public void close() {
            wire.close();
        }
    }

    /**
     * What the connections to Redis have done.
     *
     * @param commands commands sent
     * @param roundTrips pipelines sent
     * @param failures pipelines that failed, and connections that could not be opened
     * @param connectionsInUse connections in use now
     * @param answering whether the latest conversation succeeded
     */
    public record Stats(
            long commands,
            long roundTrips,
            long failures,
            int connectionsInUse,
            boolean answering) {}
}
