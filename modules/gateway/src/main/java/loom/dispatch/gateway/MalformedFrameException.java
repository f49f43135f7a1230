package loom.dispatch.gateway;

/** What arrived cannot be understood; the connection's context must be given up. */
final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedFrameException(String message) {
        super(message);
    }
}
