package loom.dispatch.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Chooses the port for the image's metrics. */
public final class MetricsPort {
    private static final int USUAL = 8005;

    private MetricsPort() {}

    /** Returns the documented port if it is free, otherwise a free one. */
    public static int choose() {
        try {
            return free(USUAL);
        } catch (IOException taken) {
            try {
                return free(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static int free(int port) throws IOException {
        try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
