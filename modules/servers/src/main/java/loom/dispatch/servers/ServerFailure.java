package loom.dispatch.servers;

/** A server did not start, stop or reply as requested. The message ends with the server log. */
public final class ServerFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ServerFailure(String message) {
        super(message);
    }

    public ServerFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** For an interrupted wait. Sets the thread's interrupt flag again. */
    public static ServerFailure interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new ServerFailure("interrupted", cause);
    }
}
