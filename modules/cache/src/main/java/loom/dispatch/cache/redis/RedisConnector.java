package loom.dispatch.cache.redis;

import java.util.List;

/**
 * Opens Redis connections for one topology: single server, Sentinel or Cluster. Safe for many
 * threads.
 */
public interface RedisConnector extends AutoCloseable {

    /** Borrows a connection. Waits at most for the connect timeout plus the reply timeout. */
    RedisConnection open();

    /**
     * Opens a connection to each server that holds keys of its own, for commands such as INFO and
     * SCAN.
     */
    List<RedisConnection> nodes();

    /** Drops idle connections and the cached topology after a connection has failed. */
    void refresh();

    /** Counts the connections in use. */
    int inUse();

    @Override
    void close();
}
