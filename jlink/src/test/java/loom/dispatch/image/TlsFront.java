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
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/**
 * TLS in front of a server that speaks none: takes the cipher off and hands the bytes on. Its key
 * is certified by an authority of its own. Each connection has two virtual threads, one a
 * direction; a direction that ends closes both.
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
        // or its own certificate might be shown
        store.deleteEntry("authority");
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
        makeKey("authority", "CN=An authority of our own", "-ext", "bc:c");
        makeKey("front", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1", "-signer", "authority");
    }

    private void makeKey(String alias, String name, String... more)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(ImageProcess.IMAGE.resolve("bin/keytool").toString());
        line.addAll(List.of("-genkeypair", "-keyalg", "EC", "-alias", alias, "-dname", name));
        line.addAll(List.of("-storepass", PASSWORD, "-keystore", keys.toString()));
        line.addAll(List.of(more));
        Process keytool =
                new ProcessBuilder(line)
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

    /** Java options of a client that trusts the authority. */
    String trustOptions() throws IOException, GeneralSecurityException {
        return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStoreType=PKCS12"
                .formatted(trusted());
    }

    /** A key store without a password: a certificate alone, as the JDK's own cacerts are. */
    private Path trusted() throws IOException, GeneralSecurityException {
        Path trusted = keys.resolveSibling("trusted.p12");
        var certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("authority", authority());
        try (OutputStream out = Files.newOutputStream(trusted)) {
            certificates.store(out, null);
        }
        return trusted;
    }

    /** A file with the authority's certificate as PEM. */
    Path pem() throws IOException, GeneralSecurityException {
        String body = Base64.getMimeEncoder().encodeToString(authority().getEncoded());
        return Files.writeString(
                keys.resolveSibling("authority.pem"),
                "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    private Certificate authority() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray())
                .getCertificate("authority");
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
