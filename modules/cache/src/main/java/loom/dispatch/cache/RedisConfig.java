package loom.dispatch.cache;

import loom.dispatch.runtime.Secret;

import java.time.Duration;
import java.util.Objects;

/**
 * How to reach Redis and how long to wait for it.
 *
 * @param target where it is
 * @param username the ACL user, empty for Redis's default user
 * @param password the user's password, {@link Secret#EMPTY} when there is none
 * @param database database number, 0 in a cluster
 * @param tls whether to speak TLS, trusting the JDK's certificate authorities
 * @param connectTimeout longest wait for a connection, 1 ms to 1 minute
 * @param replyTimeout longest wait for a reply, 1 ms to 1 minute; a frozen server is noticed so
 *     late
 * @param connections most connections open at a time (of each node in a cluster), 1 to 1024
 */
public record RedisConfig(
        RedisTopology target,
        String username,
        Secret password,
        int database,
        boolean tls,
        Duration connectTimeout,
        Duration replyTimeout,
        int connections) {

    /** What {@link #standalone} and {@link RedisUri#parse} set: enough to tell slow from dead. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** What {@link #standalone} and {@link RedisUri#parse} set: far above any bounded command. */
    public static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    /**
     * What {@link #standalone} and {@link RedisUri#parse} set: Redis serves one at a time anyway.
     */
    public static final int CONNECTIONS = 16;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** Checks every range; the message of a failure is meant for the operator. */
    public RedisConfig {
        Objects.requireNonNull(target);
        Objects.requireNonNull(username);
        Objects.requireNonNull(password);
        if (database < 0) {
            throw new IllegalArgumentException(
                    "the database number of Redis must not be negative: " + database);
        }
        if (target instanceof RedisTopology.Cluster && database != 0) {
            throw new IllegalArgumentException(
                    "a Redis Cluster has only database 0, not " + database);
        }
        requireWait("connectTimeout", connectTimeout);
        requireWait("replyTimeout", replyTimeout);
        if (connections < 1 || connections > 1024) {
            throw new IllegalArgumentException("connections must be 1 to 1024, not " + connections);
        }
    }

    /**
     * One server without password, database 0, the default waits.
     *
     * @param host name or address
     * @param port 1 to 65535
     * @return the configuration
     */
    public static RedisConfig standalone(String host, int port) {
        return of(new RedisTopology.Standalone(new RedisTopology.Node(host, port)));
    }

    static RedisConfig of(RedisTopology target) {
        return new RedisConfig(
                target, "", Secret.EMPTY, 0, false, CONNECT_TIMEOUT, REPLY_TIMEOUT, CONNECTIONS);
    }

    /**
     * The same with other credentials.
     *
     * @param user the ACL user, empty for Redis's default user
     * @param secret its password
     * @return a copy
     */
    public RedisConfig withCredentials(String user, Secret secret) {
        return new RedisConfig(
                target, user, secret, database, tls, connectTimeout, replyTimeout, connections);
    }

    /**
     * The same with another database.
     *
     * @param number database number
     * @return a copy
     */
    public RedisConfig withDatabase(int number) {
        return new RedisConfig(
                target, username, password, number, tls, connectTimeout, replyTimeout, connections);
    }

    /**
     * The same with other waits.
     *
     * @param connect longest wait for a connection
     * @param reply longest wait for a reply
     * @return a copy
     */
    public RedisConfig withTimeouts(Duration connect, Duration reply) {
        return new RedisConfig(
                target, username, password, database, tls, connect, reply, connections);
    }

    /**
     * The same with TLS or without.
     *
     * @param spoken whether to speak it
     * @return a copy
     */
    public RedisConfig withTls(boolean spoken) {
        return new RedisConfig(
                target,
                username,
                password,
                database,
                spoken,
                connectTimeout,
                replyTimeout,
                connections);
    }

    private static void requireWait(String name, Duration wait) {
        if (wait.toMillis() < 1 || wait.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException(
                    name + " must be 1 ms to 1 minute, not " + wait.toMillis() + " ms");
        }
    }
}
