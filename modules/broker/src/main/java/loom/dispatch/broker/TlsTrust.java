package loom.dispatch.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The certificate authorities that a TLS connection to RabbitMQ trusts: those of the JVM, or only
 * those of a PEM file. Immutable.
 */
public final class TlsTrust {
    private final Optional<SSLContext> own;

    private TlsTrust(Optional<SSLContext> own) {
        this.own = own;
    }

    /** Trusts the authorities of the JVM ({@code javax.net.ssl.trustStore}). */
    public static TlsTrust ofJvm() {
        return new TlsTrust(Optional.empty());
    }

    /**
     * Trusts only the certificates of a PEM file, for example those of a private authority. Reads
     * the file once; a changed file needs a restart.
     *
     * @throws IOException if the file cannot be read or contains no certificate
     */
    public static TlsTrust ofFile(Path pem) throws IOException {
        try (InputStream content = Files.newInputStream(pem)) {
            Collection<? extends Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(content);
            if (authorities.isEmpty()) {
                throw new IOException("it contains no certificate");
            }
            return new TlsTrust(Optional.of(context(authorities)));
        } catch (GeneralSecurityException e) {
            throw new IOException("it contains no PEM certificates", e);
        }
    }

    private static SSLContext context(Collection<? extends Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (Certificate authority : authorities) {
            store.setCertificateEntry("authority-" + store.size(), authority);
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    public SSLContext context() throws GeneralSecurityException {
        return own.isPresent() ? own.get() : SSLContext.getDefault();
    }
}
