package loom.dispatch.cache;

import java.util.Objects;
import java.util.Optional;

/**
 * A gateway session as the next start needs it to resume.
 *
 * @param shard the shard's number, not negative
 * @param sessionId Discord's session id, not empty
 * @param resumeUrl where to resume; empty when unknown, then the main URL serves
 * @param sequence the last settled sequence, not negative
 */
public record StoredSession(
        int shard, String sessionId, Optional<String> resumeUrl, long sequence) {
    /** Checks the ranges. */
    public StoredSession {
        Objects.requireNonNull(resumeUrl);
        if (shard < 0) {
            throw new IllegalArgumentException("a shard is not negative: " + shard);
        }
        if (sessionId.isEmpty()) {
            throw new IllegalArgumentException("a session id is not empty");
        }
        if (sequence < 0) {
            throw new IllegalArgumentException("a sequence is not negative: " + sequence);
        }
    }
}
