package loom.dispatch.broker;

/**
 * Where a broker listens.
 *
 * @param host name or address, not blank
 * @param port TCP port, 1 to 65535
 */
public record Endpoint(String host, int port) {

    /** Refuses what can be no address. */
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
