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
 * Sends commands to Redis, and retries when Redis does not answer. Safe for many virtual threads:
 * each borrows one of a limited number of connections, and waits if all are in use.
 */
public final class RedisClient implements AutoCloseable {
    /** Delays of 50 ms to 3 s. A restart of Redis takes about 40 ms. */
    private static final RetryBackoff RETRY = new RetryBackoff(50, 3_000);

    private final RedisConnector connector;
    private final RedisOutageLog outage;
    private final LongAdder commands = new LongAdder();
    private final LongAdder roundTrips = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Creates a client that closes the connector when it is closed. */
    public RedisClient(RedisConnector connector, RedisOutageLog outage) {
        this.connector = connector;
        this.outage = outage;
    }

    /**
     * Connects, and retries while Redis is unreachable or loading. Logs at most one line a second.
     * Blocks and is interruptible.
     *
     * @param config where Redis is and how long to wait for it
     * @param threads starts the thread that closes silent connections
     * @return the open connections
     * @throws RedisRefusedException if retrying cannot help: wrong password, unknown database,
     *     missing permission
     * @throws InterruptedException if the thread is interrupted
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

    /** Connects in the same way, for a program that does not supervise its threads. */
    public static RedisClient connect(RedisConfig config)
            throws RedisRefusedException, InterruptedException {
        return connect(config, SupervisedThreads.unsupervised());
    }

    /**
     * Connects, or fails at once. Blocks for at most the two timeouts of the configuration.
     *
     * @param config where Redis is and how long to wait for it
     * @return the open connections
     * @throws RedisRefusedException if retrying cannot help
     * @throws RedisUnavailableException if Redis does not answer now
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
                        "Redis at %s refuses the connection: %s"
                                .formatted(config.target(), RedisFailures.reason(failure)),
                        failure);
            }
            throw failure instanceof RedisUnavailableException known
                    ? known
                    : new RedisUnavailableException(RedisFailures.reason(failure), failure);
        }
    }

    /**
     * Returns whether the latest exchange succeeded. Never blocks. The service writes a checkpoint
     * every second, so the answer is recent.
     */
    public boolean answering() {
        return !outage.isActive();
    }

    /** Returns the counters since the connect. Never blocks. */
    public Stats stats() {
        return new Stats(
                commands.sum(), roundTrips.sum(), failures.sum(), connector.inUse(), answering());
    }

    /** Closes all connections. Running exchanges fail. */
    @Override
    public void close() {
        connector.close();
    }

    /** Opens a connection for several exchanges. */
    RedisConnection open() {
        try {
            return new CountingConnection(connector.open());
        } catch (JedisException failure) {
            throw unavailable(failure);
        }
    }

    /** Opens a connection to each server that holds keys of its own. The caller closes them. */
    List<RedisConnection> nodes() {
        try {
            return connector.nodes().stream()
                    .<RedisConnection>map(CountingConnection::new)
                    .toList();
        } catch (JedisException failure) {
            throw unavailable(failure);
        }
    }

    /** Sends one pipeline on any connection. Fails at once if Redis does not answer. */
    public List<Object> exchange(List<CommandArguments> pipeline) {
        try (RedisConnection connection = open()) {
            return connection.exchange(pipeline);
        }
    }

    /**
     * Runs the work until it succeeds, starting it again after each failure. Only an interrupt ends
     * it.
     */
    <T> T runWithRetries(Work<T> work) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (RedisConnection connection = open()) {
                return work.run(connection);
            } catch (RedisUnavailableException failure) {
                pause(outage, failure, attempt);
            }
        }
    }

    /** Runs the work once. Fails at once if Redis does not answer. */
    <T> T runOnce(Work<T> work) throws InterruptedException {
        try (RedisConnection connection = open()) {
            return work.run(connection);
        }
    }

    /** Work on one connection. It may fail halfway, so it must be repeatable. */
    interface Work<T> {
        T run(RedisConnection connection) throws InterruptedException;
    }

    private static void pause(RedisOutageLog outage, Throwable failure, int attempt)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("while waiting for Redis");
        }
        long millis = RETRY.delayMillis(attempt, ThreadLocalRandom.current());
        outage.logRetry(failure, attempt, millis);
        Thread.sleep(millis);
    }

    private RedisUnavailableException unavailable(RuntimeException failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        failures.increment();
        outage.begin();
        connector.refresh();
        return failure instanceof RedisUnavailableException known
                ? known
                : new RedisUnavailableException(RedisFailures.reason(failure), failure);
    }

    /** Counts commands and failures, and reports failures to the outage log and the connector. */
    private final class CountingConnection implements RedisConnection {
        private final RedisConnection connection;

        CountingConnection(RedisConnection connection) {
            this.connection = connection;
        }

        @Override
        public List<Object> exchange(List<CommandArguments> pipeline) {
            commands.add(pipeline.size());
            roundTrips.increment();
            try {
                List<Object> replies = connection.exchange(pipeline);
                outage.end();
                return replies;
            } catch (RedisUnavailableException failure) {
                throw unavailable(failure);
            }
        }

        @Override
        public boolean transactions() {
            return connection.transactions();
        }

        @Override
        public void close() {
            connection.close();
        }
    }

    /**
     * Counters of the connections.
     *
     * @param commands commands sent
     * @param roundTrips pipelines sent
     * @param failures pipelines that failed, and connections that could not be opened
     * @param connectionsInUse connections in use now
     * @param answering whether the latest exchange succeeded
     */
    public record Stats(
            long commands,
            long roundTrips,
            long failures,
            int connectionsInUse,
            boolean answering) {}
}
