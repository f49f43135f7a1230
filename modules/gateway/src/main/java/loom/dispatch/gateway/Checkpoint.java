package loom.dispatch.gateway;

/**
 * The point from which a new process resumes a shard's session.
 *
 * <p>Every event of the session up to this sequence is in the cache and confirmed by RabbitMQ.
 * Discord replays the events after it.
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
