package loom.dispatch.servers;

import java.util.Locale;

/** Where a server of the tests or of the demo comes from, in the order of preference. */
public enum ServerSource {
    /** A container, by Testcontainers; needs a reachable Docker engine. */
    CONTAINER("in a container"),
    /** An installed program as a child process, on a free port of 127.0.0.1. */
    PROCESS("as own process"),
    /** Carried along: Qpid Broker-J in a JVM of its own, Redis as a bundled program. */
    EMBEDDED("embedded");

    private final String description;

    ServerSource(String description) {
        this.description = description;
    }

    /** How the announcement words it, for example {@code as own process}. */
    public String description() {
        return description;
    }

    /** Reads a kind as it is written in the property {@code servers}, in any case. */
    static ServerSource parse(String text) {
        for (ServerSource kind : values()) {
            if (kind.name().equalsIgnoreCase(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "servers="
                        + text.toLowerCase(Locale.ROOT)
                        + ": allowed are container, process, embedded");
    }
}
