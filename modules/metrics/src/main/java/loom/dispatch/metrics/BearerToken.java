package loom.dispatch.metrics;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;

/**
 * The secret that opens all but the health checks; prints as {@code ***}.
 *
 * <p>It is taken as {@code Authorization: Bearer} (RFC 6750) from scrapers, and as the password of
 * {@code Authorization: Basic} (RFC 7617), with any user name, from browsers, which can ask their
 * user for nothing else.
 */
public final class BearerToken {
    private final byte[] secret;

    /**
     * Takes the secret's text.
     *
     * @throws IllegalArgumentException if it is blank
     */
    public BearerToken(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("the HTTP token is blank");
        }
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether this Authorization header holds the secret; compared in constant time. */
    public boolean opens(String authorization) {
        int space = authorization.indexOf(' ');
        if (space < 0) {
            return false;
        }
        String credentials = authorization.substring(space + 1).strip();
        byte[] given =
                switch (authorization.substring(0, space).toLowerCase(Locale.ROOT)) {
                    case "bearer" -> credentials.getBytes(StandardCharsets.UTF_8);
                    case "basic" -> password(credentials);
                    default -> new byte[0];
                };
        return MessageDigest.isEqual(secret, given);
    }

    private static byte[] password(String credentials) {
        try {
            String pair =
                    new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // no Base64, so no password: it opens nothing
            return new byte[0];
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
