package loom.dispatch.gateway;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;

/**
 * Identifies a gateway session: its id and the URL to resume on (protocol section 1.10).
 *
 * <p>The sequence is not part of it, because the sequence changes with every event.
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

    /** Creates a session whose READY named a resume URL. */
    public static Session of(String id, URI resumeUrl) {
        return new Session(id, Objects.requireNonNull(resumeUrl));
    }

    /** Creates a session that is resumed on the main URL, because its resume URL is unknown. */
    public static Session withoutUrl(String id) {
        return new Session(id, null);
    }

    /** Returns the {@code session_id} of READY. */
    public String id() {
        return id;
    }

    /** Returns the {@code resume_gateway_url} of READY, without a query. */
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
