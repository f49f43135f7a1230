package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisConnector;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.List;

/**
 * A connector that simulates a process crash after a number of commands. Redis receives those
 * commands and no more; the replies of the last pipeline are lost. Used by one thread.
 */
final class CrashingRedisClient implements RedisConnector {
    private final RedisConnector whole;
    private final boolean transactions;
    private long left;

    /** Not a {@link RedisUnavailableException}, which the client would retry. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param whole opens the connections
     * @param commands the number of commands that reach Redis
     * @param transactions false to write as to a Redis Cluster
     */
    CrashingRedisClient(RedisConnector whole, long commands, boolean transactions) {
        this.whole = whole;
        this.left = commands;
        this.transactions = transactions;
    }

    @Override
    public RedisConnection open() {
        return new CrashingConnection(whole.open());
    }

    @Override
    public List<RedisConnection> nodes() {
        return List.of(open());
    }

    @Override
    public void refresh() {
        whole.refresh();
    }

    @Override
    public int inUse() {
        return whole.inUse();
    }

    /** Leaves the connections open: their connector closes them. */
    @Override
    public void close() {
        left = 0;
    }

    private final class CrashingConnection implements RedisConnection {
        private final RedisConnection wire;

        CrashingConnection(RedisConnection wire) {
            this.wire = wire;
        }

        @Override
        public List<Object> exchange(List<CommandArguments> commands) {
            if (left >= commands.size()) {
                left -= commands.size();
                return wire.exchange(commands);
            }
            int last = (int) left;
            left = 0;
            wire.exchange(commands.subList(0, last));
            throw new Crash();
        }

        @Override
        public boolean transactions() {
            return transactions;
        }

        /** Discards an open transaction, as the end of the connection would. */
        @Override
        public void close() {
            wire.exchange(List.of(RedisCommands.plain(Protocol.Command.RESET)));
            wire.close();
        }
    }
}
