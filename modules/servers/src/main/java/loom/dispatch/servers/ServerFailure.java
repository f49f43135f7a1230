package loom.dispatch.servers;

/** A server that did not do what it was told, with what its log says about it. */
public final class ServerFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ServerFailure(String message) {
        super(message);
    }

    public ServerFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** For waits that were interrupted: the thread's flag is set again. */
    public static ServerFailure interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ServerFailure("interrupted", cause);
    }
}
