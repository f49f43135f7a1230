package loom.dispatch.servers;

/**
 * A server that a test owns, and can do to what operators and accidents do to servers.
 *
 * <p>Every call blocks until the server is in the new state and throws {@link ServerFailure}, with
 * the end of the server's log, when it does not get there. A server belongs to the thread that
 * started it; only {@link #isRunning} may be asked by any. When the JVM ends, servers that were not
 * closed are killed and their directories removed.
 */
public interface Server extends AutoCloseable {
    /** Where this server comes from. */
    ServerSource kind();

    /** The host to connect to; 127.0.0.1 unless Docker is remote. */
    String host();

    /** The port to connect to; the same after every restart. */
    int port();

    /** Whether the server was started and neither stopped, killed nor gone by itself. */
    boolean isRunning();

    /** Starts a stopped or killed server again: same port, and same data if {@link #keepsData}. */
    void start();

    /** Ends the server as SIGKILL does: nothing is flushed, no connection is closed in order. */
    void kill();

    /** Ends the server in order, as SIGTERM does. */
    void stop();

    /** Freezes the server as SIGSTOP does: connections stay open, nothing answers. */
    void pause();

    /** Thaws a frozen server. */
    void resume();

    /** Whether a restarted server still has its acknowledged data. */
    boolean keepsData();

    /**
     * Leaves the server alone when the JVM ends, which Ctrl-C begins at once: for owners that close
     * it themselves, after having drained, in a shutdown hook of their own.
     */
    void keepUntilClosed();

    /** Kills the server and removes its data; a second call does nothing. */
    @Override
    void close();
}
