package loom.dispatch.cache.redis;

import loom.dispatch.cache.RedisTopology;

import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

import java.util.StringJoiner;

/**
 * Finds out why no Sentinel led to the master, by asking each one. Jedis only reports that none
 * did.
 */
final class SentinelDiagnosis {
    private SentinelDiagnosis() {}

    /**
     * Asks each Sentinel for the master. Blocks for up to the client's timeouts for each one.
     *
     * @param client the credentials and timeouts for the Sentinels
     * @return the answers of all Sentinels; an access error if one of them refused the credentials
     */
    static JedisException reason(RedisTopology.Sentinel target, JedisClientConfig client) {
        var answers = new StringJoiner("; ", "no sentinel names " + target.master() + ": ", "");
        boolean refused = false;
        for (RedisTopology.Node node : target.nodes()) {
            try (var sentinel = new Jedis(new HostAndPort(node.host(), node.port()), client)) {
                boolean knows = sentinel.sentinelGetMasterAddrByName(target.master()) != null;
                answers.add(node + (knows ? " names it now" : " does not know it"));
            } catch (JedisException failure) {
                refused |= RedisFailures.isRefusal(failure);
                answers.add(node + " " + RedisFailures.reason(failure));
            }
        }
        return refused
                ? new JedisAccessControlException(answers.toString())
                : new JedisConnectionException(answers.toString());
    }
}
