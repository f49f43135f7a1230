package loom.dispatch.cache;

/** Opens conversations with the Redis of one arrangement of servers. Safe for many threads. */
interface Connector extends AutoCloseable {

    /** Borrows a connection; waits at most connect and reply timeout. */
    Wire open();

    /** Forgets idle connections and cached topology, because one of them has just failed. */
    void refresh();

    /** Connections in use now. */
    int inUse();

    @Override
    void close();
}
