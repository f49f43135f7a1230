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
 * Makes the image's AOT cache (JEP 483, 514): runs the image through a short life among the test
 * suite's servers, over TLS as with Discord, and lets the JVM write down what it loaded and linked.
 * Run by the build when the image is linked. Every wait has a deadline; a failure is one line and a
 * non-zero exit code.
 */
final class AotTraining {
    private static final int EVENTS_PER_SECOND = 200;
    private static final int EVENTS = 200;

    /**
     * With profiles (JEP 515) the JVM compiles what was hot in the training while it starts: on two
     * cores the first IDENTIFY waits for that a third longer.
     */
    private static final String NO_PROFILES =
            "-XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining";

    /** Half of what a cache has here; one that is smaller has not seen the service. */
    private static final long LEAST_BYTES = 15_000_000;

    private final Path cache;

    private AotTraining(Path cache) {
        this.cache = cache;
    }

    /** Argument: the file to write. */
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
        try (var stage = ImageTestSetup.withOwnRabbit();
                var tls = new TlsProxy(authority, stage.simulator().restUri().getPort())) {
            stage.startImage(environment(stage, authority, tls.port()));
            stage.awaitReady();
            stage.simulator().events().rate(EVENTS_PER_SECOND);
            stage.awaitEvents(EVENTS);
            reconnect(stage);
            for (String page : new String[] {"/", "/status", "/metrics", "/livez", "/readyz"}) {
                stage.image().get(page);
            }
            stage.assertPromiseKept();
            stage.image().terminate();
            int code = stage.image().awaitExit(ImageTestSetup.PATIENCE);
            if (code != 0) {
                throw new IOException("exit code " + code + "\n" + stage.image().output());
            }
        }
        if (!Files.exists(cache) || Files.size(cache) < LEAST_BYTES) {
            throw new IOException("the JVM wrote no cache to " + cache);
        }
        System.out.println("AOT cache " + Files.size(cache) / 1_000_000 + " MB: " + cache);
    }

    private Map<String, String> environment(
            ImageTestSetup stage, TestCertificateAuthority authority, int tlsPort) {
        String path = stage.simulator().restUri().getPath();
        Map<String, String> environment = new HashMap<>(stage.environment());
        environment.put("DISCORD_API_URL", "https://127.0.0.1:" + tlsPort + path);
        environment.put("GATEWAY_URL", "wss://127.0.0.1:" + tlsPort);
        // nobody listens there: what speaks to systemd is loaded all the same
        environment.put("NOTIFY_SOCKET", "@loom-dispatch-training");
        environment.put(
                "JAVA_OPTS",
                "%s -XX:AOTCacheOutput=%s %s"
                        .formatted(NO_PROFILES, cache.toAbsolutePath(), authority.trustOptions()));
        return environment;
    }

    /** Sessions are resumed far more often than begun. */
    private static void reconnect(ImageTestSetup stage) throws Exception {
        stage.simulator().faults().requestReconnect(_ -> true);
        stage.await(
                "resumed", () -> stage.simulator().recorder().count(6) >= ImageTestSetup.SHARDS);
        stage.awaitReady();
    }
}
