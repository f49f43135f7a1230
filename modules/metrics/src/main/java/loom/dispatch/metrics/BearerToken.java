package loom.dispatch.metrics;

import loom.dispatch.runtime.Secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * The token that clients must present for every path except the health checks. It prints as {@code
 * ***}.
 *
 * <p>Scrapers send it as {@code Authorization: Bearer} (RFC 6750). Browsers send it as the password
 * of {@code Authorization: Basic} (RFC 7617) with any user name, because they can prompt for
 * nothing else.
 */
public final class BearerToken {
    private final Secret secret;

    /**
     * Creates a token from its text.
     *
     * @throws IllegalArgumentException if the text is blank
     */
    public BearerToken(String secret) {
        if (secret.isBlank()) {
            throw new IllegalArgumentException("the HTTP token is blank");
        }
        this.secret = new Secret(secret);
    }

    /** Whether this Authorization header holds the token. The comparison takes constant time. */
    public boolean matches(String authorization) {
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
        return secret.matches(given);
    }

    private static byte[] password(String credentials) {
        try {
            String pair =
                    new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // not Base64: matches no token
            return new byte[0];
        }
    }

    @Override
    public String toString() {
        return secret.toString();
    }
}
