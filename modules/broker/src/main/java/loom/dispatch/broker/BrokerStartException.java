package loom.dispatch.broker;

/** The start cannot go on until an operator changes something; the message says what, in a line. */
public final class BrokerStartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final BrokerRefusal reason;

    public BrokerStartException(BrokerRefusal reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What kind of refusal it was. */
    public BrokerRefusal reason() {
        return reason;
    }
}
