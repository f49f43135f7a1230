package loom.dispatch.gateway.rest;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the JDK makes when it is first needed and takes long for, made ahead and beside all else
 * that a start does: nothing of it is wanted here, only that it is there. On platform threads, for
 * who waits for a class that another thread initialises holds its carrier.
 */
public final class JdkWarmUp {
    /** Its first use links the {@code equals} of a record, which no AOT cache holds. */
    static final String HTTP_LOGGER = "jdk.internal.net.http.common.DebugLogger";

    /** To tell its own from others the JDK reads them again, for the first chain that it judges. */
    static final String JDKS_AUTHORITIES = "sun.security.util.AnchorCertificates";

    private static final AtomicBoolean TLS_BEGUN = new AtomicBoolean();

    private JdkWarmUp() {}

    /** Begins with what any connection needs. */
    public static void begin() {
        start(
                "prepare",
                () -> {
                    initialise(HTTP_LOGGER);
                    // the first finds its provider; a WebSocket's greeting has one
                    new SecureRandom().nextInt();
                });
    }

    /** Begins with what an encrypted connection needs besides, unless that has begun. */
    public static void beginTls() {
        if (!TLS_BEGUN.getAndSet(true)) {
            LazyTls.prepare();
            start("prepare-keys", JdkWarmUp::makeKeys);
            start(
                    "prepare-trust",
                    () -> {
                        LazyTrustStore.prepare();
                        initialise(JDKS_AUTHORITIES);
                    });
        }
    }

    /**
     * One of each curve of which a greeting offers one: with the first of P-256 the JDK makes
     * tables, for longer than all else that a greeting takes.
     */
    private static void makeKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            generator.generateKeyPair();
            KeyPairGenerator.getInstance("X25519").generateKeyPair();
        } catch (GeneralSecurityException _) {
            // the greeting will tell
        }
    }

    /** Initialises a class of the JDK's own; nothing of it is called. */
    private static void initialise(String name) {
        try {
            Class.forName(name);
        } catch (ClassNotFoundException _) {
            // another JDK, which has to be slow then
        }
    }

    private static void start(String name, Runnable task) {
        Thread.ofPlatform().name(name).daemon().start(task);
    }
}
