package loom.dispatch.broker;

/** RabbitMQ does not answer now; the message says why, in a line. */
public final class BrokerAwayException extends Exception {
    private static final long serialVersionUID = 1L;

    BrokerAwayException(String message) {
        super(message);
    }
}
