package loom.dispatch.cache.redis;

import java.util.List;

/** Opens conversations with the Redis of one arrangement of servers. Safe for many threads. */
public interface RedisConnector extends AutoCloseable {

    /** Borrows a connection; waits at most connect and reply timeout. */
    RedisConnection open();

    /** A conversation with each server that holds keys of its own, for what is asked of servers. */
    List<RedisConnection> nodes();

    /** Forgets idle connections and cached topology, because one of them has just failed. */
    void refresh();

    /** Connections in use now. */
    int inUse();

    @Override
    void close();
}
