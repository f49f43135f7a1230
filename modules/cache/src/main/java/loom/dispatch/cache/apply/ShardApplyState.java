package loom.dispatch.cache.apply;

import java.util.Optional;

/**
 * Holds what the cache remembers about one shard between batches. Owned by the thread that applies
 * the shard's events.
 */
public final class ShardApplyState {
    private String botId = "";
    private long nextCleanupMillis;
    private long retryMillis;
    private Optional<Long> staleSince = Optional.empty();
    private boolean staleMarkerRead;

    /** Whether events of the shard were skipped. Any thread may read it. */
    private volatile boolean stale;

    public String botId() {
        return botId;
    }

    public void botId(String id) {
        botId = id;
    }

    public boolean cleanupIsDue(long nowMillis) {
        return nowMillis >= nextCleanupMillis;
    }

    public void nextCleanup(long millis) {
        nextCleanupMillis = millis;
    }

    /** Whether it is too early to try Redis again after events were skipped. */
    public boolean isSkipping(long nowMillis) {
        return nowMillis < retryMillis;
    }

    public void skipped(long nowMillis, long pauseMillis) {
        retryMillis = nowMillis + pauseMillis;
        stale = true;
        if (staleSince.isEmpty()) {
            staleSince = Optional.of(nowMillis);
        }
    }

    /** Whether the stale marker that an earlier process may have written has been read. */
    public boolean staleMarkerRead() {
        return staleMarkerRead;
    }

    public void staleMarkerRead(boolean leftStale) {
        staleMarkerRead = true;
        stale |= leftStale;
    }

    /** Returns when events were first skipped, if Redis does not have that time yet. */
    public Optional<Long> unwrittenStaleSince() {
        return staleSince;
    }

    public void staleMarkerWritten() {
        staleSince = Optional.empty();
    }

    public boolean stale() {
        return stale;
    }

    public void markFresh() {
        stale = false;
        staleSince = Optional.empty();
    }
}
