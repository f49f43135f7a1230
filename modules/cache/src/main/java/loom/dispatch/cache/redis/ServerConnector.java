package loom.dispatch.cache.redis;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.providers.ConnectionProvider;
import redis.clients.jedis.util.Pool;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * Opens conversations where one server holds all keys: standalone, Unix socket, Sentinel's master.
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
        return new ServerWire(provider.getConnection(), pipelines);
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
        // the pool first: it replaces a connection that breaks while it is open
        try (pipelines) {
            provider.close();
        } catch (Exception failure) {
            throw new IllegalStateException("closing the connections of Redis", failure);
        }
    }

    /** A conversation on one connection; used by the thread that opened it. */
    record ServerWire(Connection connection, RedisPipelines pipelines) implements RedisConnection {
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
