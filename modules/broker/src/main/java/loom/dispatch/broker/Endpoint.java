package loom.dispatch.broker;

/**
 * The host and port of a RabbitMQ server.
 *
 * @param host name or address, not blank
 * @param port TCP port, 1 to 65535
 */
public record Endpoint(String host, int port) {

    /** Rejects a blank host and an invalid port. */
    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host is empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
