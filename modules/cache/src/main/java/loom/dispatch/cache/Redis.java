package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisException;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * The connections to Redis, and the patience with it. Safe for many virtual threads at a time: each
 * borrows one of a bounded number of connections and waits when all are in use.
 */
public final class Redis implements AutoCloseable {
    private final Connector connector;
    private final Outage outage;
    private final LongAdder commands = new LongAdder();
    private final LongAdder roundTrips = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /** Speaks through a connector that it closes with itself. */
    Redis(Connector connector, Outage outage) {
        this.connector = connector;
        this.outage = outage;
    }

    /**
     * Connects, waiting as long as Redis is unreachable or still loading; logs each attempt, at
     * most one line a second. Blocks and is interruptible.
     *
     * @param config where and how
     * @return the open connections
     * @throws RedisRefused when waiting cannot help: wrong password, no such database, no
     *     permission
     * @throws InterruptedException when the thread is interrupted
     */
    public static Redis connect(RedisConfig config) throws RedisRefused, InterruptedException {
        Outage outage = new Outage(config.target());
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(config, outage);
            } catch (RedisUnavailable failure) {
                pause(outage, failure, attempt);
            }
        }
    }

    /**
     * Connects, or fails at once. Blocks for the configuration's two waits at most.
     *
     * @param config where and how
     * @return the open connections
     * @throws RedisRefused when waiting cannot help
     * @throws RedisUnavailable when Redis does not answer now
     */
    public static Redis attempt(RedisConfig config) throws RedisRefused {
        return attempt(config, new Outage(config.target()));
    }

    private static Redis attempt(RedisConfig config, Outage outage) throws RedisRefused {
        Redis redis = null;
        try {
            redis = new Redis(Connectors.of(config), outage);
            redis.exchange(List.of(Command.exists(Keys.SHARDS)));
            return redis;
        } catch (JedisException | RedisUnavailable failure) {
            if (redis != null) {
                redis.close();
            }
            if (Failures.isRefusal(failure)) {
                throw new RedisRefused(
                        "Redis at %s refuses us: %s"
                                .formatted(config.target(), Failures.reason(failure)),
                        failure);
            }
            throw failure instanceof RedisUnavailable known
                    ? known
                    : new RedisUnavailable(Failures.reason(failure), failure);
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
    public RedisStats stats() {
        return new RedisStats(
                commands.sum(), roundTrips.sum(), failures.sum(), connector.inUse(), answering());
    }

    /** Closes all connections; conversations that are under way fail. */
    @Override
    public void close() {
        connector.close();
    }

    /** Opens a conversation for several exchanges on one connection. */
    Wire open() {
        try {
            return new CountedWire(connector.open());
        } catch (JedisException failure) {
            throw unavailable(failure);
        }
    }

    /** A conversation with each server that holds keys of its own; each is to be closed. */
    List<Wire> nodes() {
        try {
            return connector.nodes().stream().<Wire>map(CountedWire::new).toList();
        } catch (JedisException failure) {
            throw unavailable(failure);
        }
    }

    /** One pipeline on any connection; fails at once when Redis does not answer. */
    List<Object> exchange(List<CommandArguments> pipeline) {
        try (Wire wire = open()) {
            return wire.exchange(pipeline);
        }
    }

    /** Talks until it succeeds, starting over after each outage; only an interrupt ends it. */
    <T> T patiently(Conversation<T> conversation) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Wire wire = open()) {
                return conversation.on(wire);
            } catch (RedisUnavailable failure) {
                pause(outage, failure, attempt);
            }
        }
    }

    /** Talks once; fails at once when Redis does not answer. */
    <T> T once(Conversation<T> conversation) throws InterruptedException {
        try (Wire wire = open()) {
            return conversation.on(wire);
        }
    }

    /** What is said and concluded on one wire; repeatable, because it may fail half way. */
    interface Conversation<T> {
        T on(Wire wire) throws InterruptedException;
    }

    private static void pause(Outage outage, Throwable failure, int attempt)
            throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("while waiting for Redis");
        }
        long millis = Backoff.millis(attempt, ThreadLocalRandom.current());
        outage.waiting(failure, attempt, millis);
        Thread.sleep(millis);
    }

    private RedisUnavailable unavailable(RuntimeException failure) {
        for (Throwable one = failure; one != null; one = one.getCause()) {
            if (one instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        failures.increment();
        outage.began();
        connector.refresh();
        return failure instanceof RedisUnavailable known
                ? known
                : new RedisUnavailable(Failures.reason(failure), failure);
    }

    /** Counts what passes, and tells the outage and the connector about failures. */
    private final class CountedWire implements Wire {
        private final Wire wire;

        CountedWire(Wire wire) {
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
            } catch (RedisUnavailable failure) {
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
}
