package loom.dispatch.gateway;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * A gateway session's identity: what RESUME needs besides the sequence (protocol section 1.10).
 *
 * <p>The sequence is kept apart because it changes with every event while the identity does not.
 */
public final class Session {
    private final String id;
    private final URI resumeUrl;

    private Session(String id, URI resumeUrl) {
        if (id.isEmpty()) {
            throw new IllegalArgumentException("a session id must not be empty");
        }
        this.id = id;
        this.resumeUrl = resumeUrl;
    }

    /** A session whose READY named the URL to resume on. */
    public static Session of(String id, URI resumeUrl) {
        return new Session(id, Objects.requireNonNull(resumeUrl));
    }

    /** A session that is resumed on the main URL, as one saved by a service that kept no URL. */
    public static Session withoutUrl(String id) {
        return new Session(id, null);
    }

    /** The {@code session_id} of READY. */
    public String id() {
        return id;
    }

    /** The {@code resume_gateway_url} of READY, without a query. */
    public Optional<URI> resumeUrl() {
        return Optional.ofNullable(resumeUrl);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Session that
                && id.equals(that.id)
                && Objects.equals(resumeUrl, that.resumeUrl);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return "Session[" + id + "]";
    }
}
