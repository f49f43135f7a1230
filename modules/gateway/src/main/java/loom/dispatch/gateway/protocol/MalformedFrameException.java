package loom.dispatch.gateway.protocol;

/** What arrived cannot be understood; the connection's context must be given up. */
public final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String message) {
        super(message);
    }
}
