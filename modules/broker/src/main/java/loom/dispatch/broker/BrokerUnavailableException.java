package loom.dispatch.broker;

/** RabbitMQ does not answer now; the message says why, in a line. */
public final class BrokerUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public BrokerUnavailableException(String message) {
        super(message);
    }
}
