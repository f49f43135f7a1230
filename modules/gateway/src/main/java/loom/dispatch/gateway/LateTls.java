package loom.dispatch.gateway;

import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.CompletableFuture;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * The JDK's TLS, waited for when the first connection is encrypted and not before: the JDK takes
 * some 70 ms of the processor to find its ciphers, and {@code HttpClient} would want them before it
 * is made. One for all clients, so that they share its sessions.
 */
final class LateTls extends SSLContextSpi {
    private static final CompletableFuture<SSLContext> OF_THE_JDK = find();

    private LateTls() {}

    /** It can be neither initialised nor asked who provides it; {@code HttpClient} does neither. */
    private static final class Context extends SSLContext {
        Context() {
            super(new LateTls(), null, "TLS");
        }
    }

    /** Begins to find the ciphers. */
    static void prepare() {
        // touching the class is enough
    }

    /**
     * Begins what the first greeting needs besides: with the first key of P-256 the JDK makes
     * tables, for longer than all else that a greeting takes.
     */
    static void prepareGreeting() {
        Thread.ofPlatform().name("tls-keys").daemon().start(LateTls::makeKeys);
    }

    /** One of each curve of which a greeting offers one. */
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

    /**
     * A client that is made without waiting for TLS, and otherwise trusts and encrypts as one with
     * {@link SSLContext#getDefault} does, but for client certificates, which Discord has not.
     */
    static HttpClient.Builder clients() {
        // with parameters of its own it does not ask TLS for the JDK's, which then count anyway
        return HttpClient.newBuilder().sslContext(new Context()).sslParameters(new SSLParameters());
    }

    /** On a platform thread: it initialises classes, and who waits for that holds its carrier. */
    private static CompletableFuture<SSLContext> find() {
        var found = new CompletableFuture<SSLContext>();
        Thread.ofPlatform()
                .name("tls")
                .daemon()
                .start(() -> {
                    try {
                        var context = SSLContext.getInstance("TLS");
                        context.init(null, new TrustManager[] {new LateTrust()}, null);
                        found.complete(context);
                    } catch (GeneralSecurityException | RuntimeException | Error e) {
                        found.completeExceptionally(
                                new IllegalStateException("a JDK without TLS", e));
                    }
                });
        return found;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
        throw new UnsupportedOperationException("it is the JDK's, as it is");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return OF_THE_JDK.join().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return OF_THE_JDK.join().getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return OF_THE_JDK.join().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return OF_THE_JDK.join().createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return OF_THE_JDK.join().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return OF_THE_JDK.join().getClientSessionContext();
    }
}
