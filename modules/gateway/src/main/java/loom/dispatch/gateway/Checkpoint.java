package loom.dispatch.gateway;

/**
 * How far a shard's session is settled: every event of it up to this sequence is in the cache and
 * confirmed by the broker. A new process resumes from here and Discord replays the rest.
 *
 * @param sequence the last settled sequence, at least 0
 */
public record Checkpoint(Session session, long sequence) {
    public Checkpoint {
        if (sequence < 0) {
            throw new IllegalArgumentException("negative sequence " + sequence);
        }
    }
}
