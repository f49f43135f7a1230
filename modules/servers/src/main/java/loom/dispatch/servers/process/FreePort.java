package loom.dispatch.servers.process;

import loom.dispatch.servers.ServerFailure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds a port that no other program takes while its server is down. */
public final class FreePort {
    /**
     * The range lies below the ephemeral ports of Linux (32768) and macOS (49152). An outgoing
     * connection could take an ephemeral port while its server is down. A client that retries it
     * could even connect to itself.
     */
    private static final int FIRST = 15_000;

    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /** A random port of 127.0.0.1 without a listener. */
    public static int find() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException taken) {
                continue;
            }
        }
        throw new ServerFailure("no free port in " + FIRST + ".." + LAST);
    }
}
