package loom.dispatch.cache;

import loom.dispatch.runtime.Secret;

import java.time.Duration;
import java.util.Objects;

/**
 * The address of Redis, the credentials and the timeouts.
 *
 * @param target address and topology
 * @param username the ACL user, empty for the default user of Redis
 * @param password the user's password, {@link Secret#EMPTY} if there is none
 * @param database database number, 0 in a cluster
 * @param tls whether to use TLS with the JDK's certificate authorities
 * @param connectTimeout longest wait for a connection, 1 ms to 1 minute
 * @param replyTimeout longest wait for a reply, 1 ms to 1 minute; a frozen server is detected after
 *     this time
 * @param connections largest number of open connections (for each node in a cluster), 1 to 1024
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

    /** The default connect timeout. A server that needs longer counts as down. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    /** The default reply timeout. Every command of this module is bounded and takes far less. */
    public static final Duration REPLY_TIMEOUT = Duration.ofSeconds(5);

    /**
     * The default number of connections. Redis executes one command at a time, so more would not
     * help.
     */
    public static final int CONNECTIONS = 16;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** Checks every range. The messages are meant for the operator. */
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
     * Returns the configuration of one server without a password, with database 0 and the default
     * timeouts.
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
     * Returns a copy with other credentials.
     *
     * @param user the ACL user, empty for the default user of Redis
     * @param secret the user's password
     */
    public RedisConfig withCredentials(String user, Secret secret) {
        return new RedisConfig(
                target, user, secret, database, tls, connectTimeout, replyTimeout, connections);
    }

    /**
     * Returns a copy with another database.
     *
     * @param number database number
     */
    public RedisConfig withDatabase(int number) {
        return new RedisConfig(
                target, username, password, number, tls, connectTimeout, replyTimeout, connections);
    }

    /**
     * Returns a copy with other timeouts.
     *
     * @param connect longest wait for a connection
     * @param reply longest wait for a reply
     */
    public RedisConfig withTimeouts(Duration connect, Duration reply) {
        return new RedisConfig(
                target, username, password, database, tls, connect, reply, connections);
    }

    /** Returns a copy with or without TLS. */
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
