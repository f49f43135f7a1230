package loom.dispatch.cache.redis;

import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.RedisTopology;
import loom.dispatch.runtime.Secret;
import loom.dispatch.runtime.SupervisedThreads;

import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.ConnectionFactory;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.providers.PooledConnectionProvider;
import redis.clients.jedis.providers.SentineledConnectionProvider;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Builds the {@link RedisConnector} for a configuration. */
public final class RedisConnectorFactory {
    private static final Duration IDLE_CHECK = Duration.ofSeconds(30);

    private RedisConnectorFactory() {}

    /** Builds the connector. Only Cluster and Sentinel connect here, to learn their nodes. */
    public static RedisConnector of(RedisConfig config, SupervisedThreads threads) {
        JedisClientConfig client = client(config);
        GenericObjectPoolConfig<Connection> pool = pool(config);
        return switch (config.target()) {
            case RedisTopology.Standalone one ->
                    server(
                            config,
                            threads,
                            new PooledConnectionProvider(address(one.node()), client, pool));
            case RedisTopology.UnixSocket socket ->
                    server(
                            config,
                            threads,
                            new PooledConnectionProvider(
                                    new ConnectionFactory(
                                            () ->
                                                    UnixDomainSocket.connected(
                                                            socket.path(), config.replyTimeout()),
                                            client),
                                    pool));
            case RedisTopology.Cluster cluster ->
                    new ClusterConnector(
                            new ClusterConnectionProvider(addresses(cluster.nodes()), client, pool),
                            pipelines(config, threads));
            case RedisTopology.Sentinel sentinel -> master(config, threads, sentinel, client, pool);
        };
    }

    private static RedisConnector server(
            RedisConfig config, SupervisedThreads threads, PooledConnectionProvider provider) {
        return new ServerConnector(
                provider, () -> List.of(provider.getPool()), pipelines(config, threads));
    }

    /** Called last: it starts a thread, and creating a provider may fail. */
    private static RedisPipelines pipelines(RedisConfig config, SupervisedThreads threads) {
        return new RedisPipelines(config.replyTimeout(), threads);
    }

    private static RedisConnector master(
            RedisConfig config,
            SupervisedThreads threads,
            RedisTopology.Sentinel sentinel,
            JedisClientConfig client,
            GenericObjectPoolConfig<Connection> pool) {
        SentineledConnectionProvider provider = provider(config, sentinel, client, pool);
        return new ServerConnector(
                provider,
                () -> List.copyOf(provider.getPrimaryNodesConnectionMap().values()),
                pipelines(config, threads));
    }

    private static SentineledConnectionProvider provider(
            RedisConfig config,
            RedisTopology.Sentinel sentinel,
            JedisClientConfig client,
            GenericObjectPoolConfig<Connection> pool) {
        JedisClientConfig sentinelClient = sentinelClient(config, sentinel);
        try {
            return new SentineledConnectionProvider(
                    sentinel.master(), client, pool, addresses(sentinel.nodes()), sentinelClient);
        } catch (JedisException _) {
            throw SentinelDiagnosis.reason(sentinel, sentinelClient);
        }
    }

    private static JedisClientConfig client(RedisConfig config) {
        var builder = timeouts(config).database(config.database());
        return named(builder, config.username(), config.password());
    }

    /** Sentinels have their own users. They must not receive the password of the master. */
    private static JedisClientConfig sentinelClient(
            RedisConfig config, RedisTopology.Sentinel sentinel) {
        return named(timeouts(config), sentinel.username(), sentinel.password());
    }

    private static JedisClientConfig named(
            DefaultJedisClientConfig.Builder builder, String username, Secret password) {
        if (!username.isEmpty()) {
            builder.user(username);
        }
        if (!password.isEmpty()) {
            builder.password(password.reveal());
        }
        return builder.build();
    }

    private static DefaultJedisClientConfig.Builder timeouts(RedisConfig config) {
        var builder =
                DefaultJedisClientConfig.builder()
                        .resp2()
                        .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                        .connectionTimeoutMillis((int) config.connectTimeout().toMillis())
                        .socketTimeoutMillis((int) config.replyTimeout().toMillis());
        return config.tls() ? builder.sslOptions(SslOptions.defaults()) : builder;
    }

    private static GenericObjectPoolConfig<Connection> pool(RedisConfig config) {
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(config.connections());
        pool.setMaxIdle(config.connections());
        pool.setMaxWait(config.connectTimeout().plus(config.replyTimeout()));
        pool.setTestWhileIdle(true);
        pool.setTimeBetweenEvictionRuns(IDLE_CHECK);
        // with a wait, the closing pool would swallow an interrupt of the thread that connects
        pool.setEvictorShutdownTimeout(Duration.ZERO);
        pool.setJmxEnabled(false);
        return pool;
    }

    private static Set<HostAndPort> addresses(List<RedisTopology.Node> nodes) {
        return nodes.stream().map(RedisConnectorFactory::address).collect(Collectors.toSet());
    }

    private static HostAndPort address(RedisTopology.Node node) {
        return new HostAndPort(node.host(), node.port());
    }
}
