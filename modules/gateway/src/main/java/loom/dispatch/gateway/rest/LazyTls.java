package loom.dispatch.gateway.rest;

import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
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
public final class LazyTls extends SSLContextSpi {
    /** Looked for once, when first touched. */
    private static final class OfTheJdk {
        private static final CompletableFuture<SSLContext> FOUND = find();

        static SSLContext get() {
            return FOUND.join();
        }

        static void prepare() {
            // touching the class is enough
        }

        /**
         * On a platform thread: it initialises classes, and who waits for that holds its carrier.
         */
        private static CompletableFuture<SSLContext> find() {
            var found = new CompletableFuture<SSLContext>();
            Thread.ofPlatform()
                    .name("tls")
                    .daemon()
                    .start(() -> {
                        try {
                            var context = SSLContext.getInstance("TLS");
                            context.init(null, new TrustManager[] {new LazyTrustStore()}, null);
                            found.complete(context);
                        } catch (GeneralSecurityException | RuntimeException | Error e) {
                            found.completeExceptionally(
                                    new IllegalStateException("a JDK without TLS", e));
                        }
                    });
            return found;
        }
    }

    private LazyTls() {}

    /** It can be neither initialised nor asked who provides it; {@code HttpClient} does neither. */
    private static final class Context extends SSLContext {
        Context() {
            super(new LazyTls(), null, "TLS");
        }
    }

    /** Begins to find the ciphers. */
    static void prepare() {
        OfTheJdk.prepare();
    }

    /**
     * A client that is made without waiting for TLS, and otherwise trusts and encrypts as one with
     * {@link SSLContext#getDefault} does, but for client certificates, which Discord has not. It
     * speaks HTTP/1.1, the one that WebSockets need; few requests, one after the other, have no use
     * for more.
     */
    public static HttpClient.Builder clients() {
        // with parameters of its own it does not ask TLS for the JDK's, which then count anyway
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(new Context())
                .sslParameters(new SSLParameters());
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
        throw new UnsupportedOperationException("it is the JDK's, as it is");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return OfTheJdk.get().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return OfTheJdk.get().getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return OfTheJdk.get().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return OfTheJdk.get().createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return OfTheJdk.get().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return OfTheJdk.get().getClientSessionContext();
    }
}
