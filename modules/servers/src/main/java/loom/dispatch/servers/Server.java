package loom.dispatch.servers;

/**
 * A server that a test owns and can start, stop, kill and freeze.
 *
 * <p>Each call blocks until the server has reached the new state. It throws {@link ServerFailure}
 * with the end of the server's log if the server does not reach it in time. Only the thread that
 * started the server may call the methods; any thread may call {@link #isRunning}. When the JVM
 * exits, it kills servers that are still open and removes their directories.
 */
public interface Server extends AutoCloseable {
    /** The source of this server. */
    ServerSource kind();

    /** The host to connect to; 127.0.0.1 unless Docker is remote. */
    String host();

    /** The port to connect to; the same after every restart. */
    int port();

    /** Whether the server process runs; a frozen server still runs. */
    boolean isRunning();

    /** Restarts a stopped or killed server on its port, with its data if {@link #keepsData}. */
    void start();

    /** Sends SIGKILL: the server flushes nothing and closes no connection. */
    void kill();

    /** Sends SIGTERM: the server shuts down in order. */
    void stop();

    /** Sends SIGSTOP: connections stay open, but the server does not reply. */
    void pause();

    /** Sends SIGCONT to a frozen server. */
    void resume();

    /** Whether acknowledged data survives a restart. */
    boolean keepsData();

    /**
     * Cancels the kill at JVM exit. Call it if the owner closes the server in its own shutdown
     * hook, for example after it has drained a queue.
     */
    void keepUntilClosed();

    /** Kills the server and removes its data. A second call does nothing. */
    @Override
    void close();
}
