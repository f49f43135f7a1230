package loom.dispatch.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * TLS in front of the simulator, which speaks none: takes the cipher off and hands the bytes on.
 * Each connection has two virtual threads, one a direction; a direction that ends closes both.
 */
final class TlsFront implements AutoCloseable {
    private static final String PASSWORD = "of no worth";
    private static final long KEYTOOL_SECONDS = 60;
    private static final int CONNECTIONS_WAITING = 64;

    private final Path keys;
    private final SSLServerSocket server;
    private final int target;

    /**
     * Listens on a free port of 127.0.0.1, with a new key of its own.
     *
     * @param folder for the key store
     * @param target the port on 127.0.0.1 that gets the bytes
     */
    TlsFront(Path folder, int target)
            throws IOException, GeneralSecurityException, InterruptedException {
        this.target = target;
        keys = folder.resolve("keys.p12");
        makeKeys();
        var store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(
                                        0, CONNECTIONS_WAITING, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("tls-front").start(this::accept);
    }

    private void makeKeys() throws IOException, InterruptedException {
        var arguments =
                List.of(
                        ImageProcess.IMAGE.resolve("bin/keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "front",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keys.toString());
        Process keytool =
                new ProcessBuilder(arguments)
                        .redirectErrorStream(true)
                        .redirectOutput(keys.resolveSibling("keytool.log").toFile())
                        .start();
        if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new IOException("keytool made no key: see keytool.log beside " + keys);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    /** Java options of a client that trusts this key. */
    String trustOptions() {
        return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStoreType=PKCS12"
                .formatted(trusted());
    }

    /** The key store without its password: a certificate alone, as the JDK's own cacerts are. */
    private Path trusted() {
        Path trusted = keys.resolveSibling("trusted.p12");
        try {
            var store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
            var certificates = KeyStore.getInstance("PKCS12");
            certificates.load(null, null);
            certificates.setCertificateEntry("front", store.getCertificate("front"));
            try (OutputStream out = Files.newOutputStream(trusted)) {
                certificates.store(out, null);
            }
            return trusted;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no trust store", e);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket outside = server.accept();
                var inside = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().name("tls-in").start(() -> pump(outside, inside));
                Thread.ofVirtual().name("tls-out").start(() -> pump(inside, outside));
            }
        } catch (SocketException closed) {
            // by close(), or by a simulator that has ended
        } catch (IOException e) {
            throw new IllegalStateException("the TLS front failed", e);
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException closed) {
            // the other direction has ended, or its client has gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
