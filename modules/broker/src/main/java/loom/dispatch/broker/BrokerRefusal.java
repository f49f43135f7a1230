package loom.dispatch.broker;

/** Why RabbitMQ, though reachable, does not let us work. Only an operator can change it. */
public enum BrokerRefusal {
    /** User name or password is wrong. */
    AUTHENTICATION,
    /** The user may not use the virtual host, or it does not exist. */
    VIRTUAL_HOST,
    /** The user may not declare or use an exchange or queue. */
    PERMISSION,
    /** A queue or an exchange exists with other arguments (406 PRECONDITION_FAILED). */
    TOPOLOGY,
    /** The certificate of the broker, or ours, is not accepted. */
    TLS
}
