package loom.dispatch.image.build;

import loom.dispatch.image.support.ImageTestSetup;
import loom.dispatch.simulator.TestCertificateAuthority;
import loom.dispatch.simulator.TlsProxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Records the image's AOT cache (JEP 483, 514): runs the image for a short time with the servers of
 * the tests, over TLS as with Discord. The JVM records which classes it loaded and linked. The
 * build runs this after it linked the image. Every wait has a deadline. A failure prints one line
 * and exits with a code other than 0.
 */
final class AotTraining {
    private static final int EVENTS_PER_SECOND = 200;
    private static final int EVENTS = 200;

    /**
     * No method profiles (JEP 515). With profiles the JVM compiles the hot methods of the training
     * during the start. On two cores this delays the first IDENTIFY by a third.
     */
    private static final String NO_PROFILES =
            "-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining";

    /** Half of the usual size. A smaller cache means that the training did not run the service. */
    private static final long LEAST_BYTES = 15_000_000;

    private final Path cache;

    private AotTraining(Path cache) {
        this.cache = cache;
    }

    /** Writes the cache. The argument is its file. */
    public static void main(String[] arguments) {
        int code = 1;
        try {
            new AotTraining(Path.of(arguments[0])).run();
            code = 0;
        } catch (Throwable failure) {
            System.err.println("AOT training failed: " + failure.getMessage());
            System.err.println(
                    "AOT training: -Daot.skip builds an image without the cache, which starts"
                            + " several times slower");
        }
        System.exit(code);
    }

    private void run() throws Exception {
        TestCertificateAuthority authority =
                TestCertificateAuthority.in(Files.createTempDirectory("training"));
        try (var setup = ImageTestSetup.withOwnRabbit();
                var tls = new TlsProxy(authority, setup.simulator().restUri().getPort())) {
            setup.startImage(environment(setup, authority, tls.port()));
            setup.awaitReady();
            setup.simulator().events().rate(EVENTS_PER_SECOND);
            setup.awaitEvents(EVENTS);
            reconnect(setup);
            for (String page : new String[] {"/", "/status", "/metrics", "/livez", "/readyz"}) {
                setup.image().get(page);
            }
            setup.assertNoEventLost();
            setup.image().terminate();
            int code = setup.image().awaitExit(ImageTestSetup.TIMEOUT);
            if (code != 0) {
                throw new IOException("exit code " + code + "\n" + setup.image().output());
            }
        }
        if (!Files.exists(cache) || Files.size(cache) < LEAST_BYTES) {
            throw new IOException("the JVM wrote no cache to " + cache);
        }
        System.out.println("AOT cache " + Files.size(cache) / 1_000_000 + " MB: " + cache);
    }

    private Map<String, String> environment(
            ImageTestSetup setup, TestCertificateAuthority authority, int tlsPort) {
        String path = setup.simulator().restUri().getPath();
        Map<String, String> environment = new HashMap<>(setup.environment());
        environment.put("DISCORD_API_URL", "https://127.0.0.1:" + tlsPort + path);
        environment.put("GATEWAY_URL", "wss://127.0.0.1:" + tlsPort);
        // no process listens on this socket; the training only loads the classes that notify
        // systemd
        environment.put("NOTIFY_SOCKET", "@loom-dispatch-training");
        environment.put(
                "JAVA_OPTS",
                "%s -XX:AOTCacheOutput=%s %s"
                        .formatted(NO_PROFILES, cache.toAbsolutePath(), authority.trustOptions()));
        return environment;
    }

    /** Resumes sessions, because a service resumes more often than it identifies. */
    private static void reconnect(ImageTestSetup setup) throws Exception {
        setup.simulator().faults().requestReconnect(_ -> true);
        setup.await(
                "resumed", () -> setup.simulator().recorder().count(6) >= ImageTestSetup.SHARDS);
        setup.awaitReady();
    }
}
