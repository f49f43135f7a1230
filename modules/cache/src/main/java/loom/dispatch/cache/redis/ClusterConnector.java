package loom.dispatch.cache.redis;

import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.runtime.EventLog;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.providers.ClusterConnectionProvider;
import redis.clients.jedis.util.Pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens connections to a Redis Cluster. Each pipeline is split by node, and only the commands of
 * one key stay in order.
 *
 * <p>A moved slot fails the pipeline as unavailable. The connector then reads the topology again,
 * and the caller repeats the pipeline. All commands of this module can be repeated.
 */
final class ClusterConnector implements RedisConnector {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    private final ClusterConnectionProvider provider;
    private final RedisPipelines pipelines;

    ClusterConnector(ClusterConnectionProvider provider, RedisPipelines pipelines) {
        this.provider = provider;
        this.pipelines = pipelines;
    }

    @Override
    public RedisConnection open() {
        return new ClusterConnection(provider, pipelines);
    }

    @Override
    public List<RedisConnection> nodes() {
        return provider.getPrimaryNodes().values().stream()
                .<RedisConnection>map(
                        pool -> new ServerConnector.ServerConnection(pool.getResource(), pipelines))
                .toList();
    }

    @Override
    public void refresh() {
        provider.getPrimaryNodes().values().forEach(Pool::clear);
        try {
            provider.renewSlotCache();
        } catch (JedisException failure) {
            // no node answers: the next exchange fails too and refreshes again
            LOG.write(CacheLogEvents.REDIS_TOPOLOGY_UNKNOWN, RedisFailures.reason(failure));
        }
    }

    @Override
    public int inUse() {
        return provider.getPrimaryNodes().values().stream().mapToInt(Pool::getNumActive).sum();
    }

    @Override
    public void close() {
        try (pipelines) {
            provider.close();
        }
    }

    private record ClusterConnection(ClusterConnectionProvider provider, RedisPipelines pipelines)
            implements RedisConnection {
        @Override
        public List<Object> exchange(List<CommandArguments> commands) {
            Map<HostAndPort, List<Integer>> byNode = new LinkedHashMap<>();
            for (int i = 0; i < commands.size(); i++) {
                int slot = commands.get(i).getKeyHashSlots().iterator().next();
                byNode.computeIfAbsent(node(slot), _ -> new ArrayList<>()).add(i);
            }
            Object[] replies = new Object[commands.size()];
            byNode.forEach((node, places) -> exchange(node, places, commands, replies));
            return Arrays.asList(replies);
        }

        private HostAndPort node(int slot) {
            try {
                HostAndPort node = provider.getNode(slot);
                if (node == null) {
                    throw new RedisUnavailableException(
                            "no node of the cluster serves slot " + slot, null);
                }
                return node;
            } catch (JedisException failure) {
                throw new RedisUnavailableException(RedisFailures.reason(failure), failure);
            }
        }

        private void exchange(
                HostAndPort node,
                List<Integer> places,
                List<CommandArguments> commands,
                Object[] replies) {
            try (Connection connection = provider.getConnection(node)) {
                List<Object> answers =
                        pipelines.exchange(connection, places.stream().map(commands::get).toList());
                for (int i = 0; i < answers.size(); i++) {
                    replies[places.get(i)] = answers.get(i);
                }
            } catch (JedisException failure) {
                throw new RedisUnavailableException(RedisFailures.reason(failure), failure);
            }
        }

        @Override
        public boolean transactions() {
            return false;
        }

        @Override
        public void close() {
            // each exchange returns its own connections to the pool
        }
    }
}
