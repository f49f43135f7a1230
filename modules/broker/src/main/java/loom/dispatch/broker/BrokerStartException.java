package loom.dispatch.broker;

/** Thrown when RabbitMQ rejects the service. The message names the remedy in one line. */
public final class BrokerStartException extends Exception {
    private static final long serialVersionUID = 1L;

    private final BrokerRefusal reason;

    public BrokerStartException(BrokerRefusal reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The kind of rejection. */
    public BrokerRefusal reason() {
        return reason;
    }
}
