package loom.dispatch.gateway.protocol;

/** Reports a message that cannot be decoded. The connection must be closed. */
public final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String message) {
        super(message);
    }
}
