package loom.dispatch.broker;

/** Thrown when no RabbitMQ endpoint answers. The message names the reasons in one line. */
public final class BrokerUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public BrokerUnavailableException(String message) {
        super(message);
    }
}
