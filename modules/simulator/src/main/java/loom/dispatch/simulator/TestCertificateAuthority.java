package loom.dispatch.simulator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A private certificate authority and a server certificate for 127.0.0.1 that it signed. The chain
 * has the length and the curves of Discord's: a P-384 root, an intermediate, and a P-256 server
 * certificate.
 *
 * @param serverContext for a server: it sends the whole chain
 * @param trusted a key store with the root and the JDK's own roots
 * @param pem a file with the root's certificate
 */
public record TestCertificateAuthority(SSLContext serverContext, Path trusted, Path pem) {
    /**
     * The password of the key stores. The keys need no protection: they exist for one test, on
     * loopback.
     */
    private static final char[] PASSWORD = "of no worth".toCharArray();

    private static final String STORE = "PKCS12";
    private static final String ROOT = "root";
    private static final String BETWEEN = "between";
    private static final String SERVER = "server";
    private static final long KEYTOOL_SECONDS = 60;

    /**
     * Creates new keys with the JDK's keytool, which takes seconds.
     *
     * @param folder the folder for its files; existing files are replaced
     */
    public static TestCertificateAuthority in(Path folder)
            throws IOException, InterruptedException {
        Path file = Files.createDirectories(folder).resolve("keys.p12");
        Files.deleteIfExists(file);
        makeKey(file, ROOT, "secp384r1", "CN=An authority of our own", "-ext", "bc:c");
        makeKey(file, BETWEEN, "secp256r1", "CN=Between", "-ext", "bc:c", "-signer", ROOT);
        String address = "san=ip:127.0.0.1";
        makeKey(file, SERVER, "secp256r1", "CN=127.0.0.1", "-ext", address, "-signer", BETWEEN);
        try {
            KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
            Certificate root = keys.getCertificate(ROOT);
            return new TestCertificateAuthority(
                    serverContext(keys),
                    trusted(folder.resolve("trusted.p12"), root),
                    pem(folder.resolve("authority.pem"), root));
        } catch (GeneralSecurityException e) {
            throw new IOException("keytool's keys of " + file, e);
        }
    }

    private static void makeKey(Path file, String alias, String curve, String name, String... more)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of("-genkeypair", "-keyalg", "EC", "-groupname", curve));
        line.addAll(List.of("-alias", alias, "-dname", name));
        line.addAll(List.of("-storetype", STORE, "-storepass", String.valueOf(PASSWORD)));
        line.addAll(List.of("-keystore", file.toString()));
        line.addAll(List.of(more));
        Path log = file.resolveSibling("keytool.log");
        Process keytool =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new IOException("keytool failed; see " + log);
        }
    }

    private static SSLContext serverContext(KeyStore keys)
            throws IOException, GeneralSecurityException {
        KeyStore own = emptyStore();
        // This key store holds only the server's key, so that the server cannot present an
        // authority's certificate.
        own.setKeyEntry(
                SERVER, keys.getKey(SERVER, PASSWORD), PASSWORD, keys.getCertificateChain(SERVER));
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /**
     * Writes the key store without a password, as the JDK's cacerts: it holds only certificates.
     */
    private static Path trusted(Path file, Certificate root)
            throws IOException, GeneralSecurityException {
        Path cacerts = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
        KeyStore theirs = KeyStore.getInstance(cacerts.toFile(), (char[]) null);
        KeyStore all = emptyStore();
        for (String alias : Collections.list(theirs.aliases())) {
            all.setCertificateEntry(alias, theirs.getCertificate(alias));
        }
        all.setCertificateEntry(ROOT, root);
        try (OutputStream out = Files.newOutputStream(file)) {
            all.store(out, null);
        }
        return file;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(STORE);
        store.load(null, null);
        return store;
    }

    private static Path pem(Path file, Certificate root)
            throws IOException, GeneralSecurityException {
        String body = Base64.getMimeEncoder().encodeToString(root.getEncoded());
        return Files.writeString(
                file, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    }

    /** Returns the options with which a JVM trusts this authority. */
    public String trustOptions() {
        return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStoreType=%s"
                .formatted(trusted, STORE);
    }
}
