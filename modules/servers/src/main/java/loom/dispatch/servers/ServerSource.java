package loom.dispatch.servers;

import java.util.Locale;

/** The sources of a server, in order of preference. */
public enum ServerSource {
    /** A container, started by Testcontainers; needs a Docker engine. */
    CONTAINER("in a container"),
    /** An installed program as a child process, on a free port of 127.0.0.1. */
    PROCESS("as own process"),
    /** Part of the build: Qpid Broker-J in its own JVM, Redis as a bundled program. */
    EMBEDDED("embedded");

    private final String description;

    ServerSource(String description) {
        this.description = description;
    }

    /** The words in the announcement, for example {@code as own process}. */
    public String description() {
        return description;
    }

    /** Parses a value of the property {@code servers}; ignores case. */
    static ServerSource parse(String text) {
        for (ServerSource kind : values()) {
            if (kind.name().equalsIgnoreCase(text)) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "servers="
                        + text.toLowerCase(Locale.ROOT)
                        + ": must be container, process or embedded");
    }
}
