package loom.dispatch.servers.process;

import loom.dispatch.servers.ServerFailure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds a port that stays ours while its server is down. */
public final class FreePort {
    /**
     * Below the range that Linux (32768) and macOS (49152) hand out to outgoing connections: from
     * that range another connection could take the port of a killed server before it is started
     * again, or a client that dials it over and over could even connect to itself. Redis Cluster
     * adds 10000 for its bus.
     */
    private static final int FIRST = 15_000;

    private static final int LAST = 32_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /** A random port of 127.0.0.1 that nobody listens on. */
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
