package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisConnector;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.List;

/**
 * A client of Redis that dies after so many commands: those reach Redis, the rest never do, and no
 * reply of the last pipeline is heard. Dead, it stays dead. Used by one thread.
 */
final class CrashingRedisClient implements RedisConnector {
    private final RedisConnector whole;
    private final boolean transactions;
    private long left;

    /** No {@link RedisUnavailableException}: no patience brings a dead process back. */
    static final class Death extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Speaks through another client's connections.
     *
     * @param commands how many commands reach Redis
     * @param transactions whether there are transactions; without, it writes as to a cluster
     */
    CrashingRedisClient(RedisConnector whole, long commands, boolean transactions) {
        this.whole = whole;
        this.left = commands;
        this.transactions = transactions;
    }

    @Override
    public RedisConnection open() {
        return new MortalWire(whole.open());
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

    /** The connections are another's. */
    @Override
    public void close() {
        left = 0;
    }

    private final class MortalWire implements RedisConnection {
        private final RedisConnection wire;

        MortalWire(RedisConnection wire) {
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
            throw new Death();
        }

        @Override
        public boolean transactions() {
            return transactions;
        }

        /** What a client has begun and not ended dies with its connection; this one lives on. */
        @Override
        public void close() {
            wire.exchange(List.of(RedisCommands.plain(Protocol.Command.RESET)));
            wire.close();
        }
    }
}
