package loom.dispatch.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for 127.0.0.1, of our own making, which the image is told to trust.
 *
 * @param store the key store, which serves as trust store too
 */
record Certificate(Path store) {
    /** Protects nothing: key and certificate live as long as the bench, on loopback. */
    private static final String PASSWORD = "loopback";

    /** Has the JDK's keytool make it in that directory; takes a second. */
    static Certificate in(Path directory) throws IOException, InterruptedException {
        Path store = Files.createDirectories(directory).resolve("loopback.p12");
        Files.deleteIfExists(store);
        String arguments =
                "-genkeypair -alias loopback -keyalg EC -groupname secp256r1 -dname CN=loopback"
                        + " -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass "
                        + PASSWORD
                        + " -keystore "
                        + store;
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process =
                new ProcessBuilder((keytool + " " + arguments).split(" "))
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("keytool.log").toFile())
                        .start();
        if (process.waitFor() != 0) {
            throw new IOException(
                    "keytool made no certificate, see " + directory.resolve("keytool.log"));
        }
        return new Certificate(store);
    }

    /** What makes a JVM trust it, as options for its command line. */
    String trustingOptions() {
        return "-Djavax.net.ssl.trustStore="
                + store
                + " -Djavax.net.ssl.trustStorePassword="
                + PASSWORD;
    }

    /** For the server that has it. */
    SSLContext serverContext() throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read " + store, e);
        }
    }
}
