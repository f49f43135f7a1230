package loom.dispatch.cache.redis;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.util.Pool;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Opens connections to one server that holds all keys: standalone, Unix socket or the master of
 * Sentinel.
 */
final class ServerConnector implements RedisConnector {
    private final ConnectionProvider provider;
    private final Supplier<Collection<Pool<Connection>>> pools;
    private final RedisPipelines pipelines;

    ServerConnector(
            ConnectionProvider provider,
            Supplier<Collection<Pool<Connection>>> pools,
            RedisPipelines pipelines) {
        this.provider = provider;
        this.pools = pools;
        this.pipelines = pipelines;
    }

    @Override
    public RedisConnection open() {
        return new ServerConnection(provider.getConnection(), pipelines);
    }

    @Override
    public List<RedisConnection> nodes() {
        return List.of(open());
    }

    @Override
    public void refresh() {
        pools.get().forEach(Pool::clear);
    }

    @Override
    public int inUse() {
        return pools.get().stream().mapToInt(Pool::getNumActive).sum();
    }

    @Override
    public void close() {
        // close the pool first: an open pool replaces a broken connection
        try (pipelines) {
            provider.close();
        } catch (Exception failure) {
            throw new IllegalStateException("closing the connections of Redis", failure);
        }
    }

    /** A connection of the pool. The thread that opened it uses it. */
    record ServerConnection(Connection connection, RedisPipelines pipelines)
            implements RedisConnection {
        @Override
        public List<Object> exchange(List<CommandArguments> commands) {
            return pipelines.exchange(connection, commands);
        }

        @Override
        public boolean transactions() {
            return true;
        }

        @Override
        public void close() {
            connection.close();
        }
    }
}
