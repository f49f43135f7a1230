package loom.dispatch.gateway.rest;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The JDK's own trust, whose certificate authorities are read when the first certificate is to be
 * judged, or ahead of that by {@link #prepare}. Reading some 150 of them takes a fourth of the
 * processor time of a start, and {@code HttpClient} would do it before it sends its first byte.
 */
final class LazyTrustStore extends X509ExtendedTrustManager {
    /** Read once, when first touched, by whichever thread that is. */
    private static final class Authorities {
        static final X509ExtendedTrustManager OF_THE_JDK = read();

        private static X509ExtendedTrustManager read() {
            try {
                var factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init((KeyStore) null);
                return Arrays.stream(factory.getTrustManagers())
                        .filter(X509ExtendedTrustManager.class::isInstance)
                        .map(X509ExtendedTrustManager.class::cast)
                        .findFirst()
                        .orElseThrow();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK's certificate authorities", e);
            }
        }
    }

    /** Reads the authorities; from any thread. */
    static void prepare() {
        Authorities.OF_THE_JDK.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        Authorities.OF_THE_JDK.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        Authorities.OF_THE_JDK.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        Authorities.OF_THE_JDK.checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        Authorities.OF_THE_JDK.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        Authorities.OF_THE_JDK.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        Authorities.OF_THE_JDK.checkClientTrusted(chain, authType, engine);
    }

    /** None: only a server names the authorities that it accepts. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
