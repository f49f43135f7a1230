package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import loom.dispatch.servers.redis.RedisCluster;
import loom.dispatch.servers.redis.RedisCommandSocket;
import loom.dispatch.servers.redis.RedisSentinels;

import org.junit.jupiter.api.Test;

import redis.clients.jedis.Jedis;

/** Tests that a cluster and Sentinels form, and that a replica replaces a killed master. */
class RedisClusterAndSentinelsTest {

    @Test
    void clusterReplicaReplacesKilledMaster() {
        try (var cluster = RedisCluster.start()) {
            RedisServer master = cluster.someMaster();
            assertEquals(6, cluster.nodes().size());
            master.kill();
            RedisServer witness =
                    cluster.nodes().stream().filter(RedisServer::isRunning).findFirst().get();
            Eventually.await(
                    "all slots served again",
                    () ->
                            RedisCommandSocket.replyContains(
                                            witness.port(), "CLUSTER INFO", "cluster_state:ok")
                                    && RedisCommandSocket.replyContains(
                                            witness.port(), "CLUSTER NODES", "master,fail"));
        }
    }

    @Test
    void sentinelsPromoteReplicaOfKilledMaster() {
        try (var sentinels = RedisSentinels.start()) {
            RedisServer master = sentinels.master();
            try (var jedis = new Jedis(master.host(), master.port())) {
                jedis.set("key", "value");
                assertEquals(2, jedis.waitReplicas(2, 5_000));
            }
            master.kill();
            Eventually.await(
                    "another master",
                    () -> {
                        try {
                            return sentinels.master().port() != master.port();
                        } catch (ServerFailure notYet) {
                            return false;
                        }
                    });
            assertNotEquals(master.port(), sentinels.master().port());
            try (var jedis = new Jedis("127.0.0.1", sentinels.master().port())) {
                assertEquals("value", jedis.get("key"));
            }
        }
    }
}
