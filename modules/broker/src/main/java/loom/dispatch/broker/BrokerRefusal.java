package loom.dispatch.broker;

/** The reason why a reachable RabbitMQ rejects the service. Only an operator can remove it. */
public enum BrokerRefusal {
    /** The user name or the password is wrong. */
    AUTHENTICATION,
    /** The user may not use the virtual host, or it does not exist. */
    VIRTUAL_HOST,
    /** The user may not declare or use an exchange or queue. */
    PERMISSION,
    /** A queue or an exchange exists with other arguments (406 PRECONDITION_FAILED). */
    TOPOLOGY,
    /** The TLS handshake failed, for example because a certificate is not trusted. */
    TLS
}
