package loom.dispatch.cache;

import java.util.Optional;

/** What is remembered about one shard between batches. Owned by the shard's dispatch thread. */
final class ShardState {
    private String botId = "";
    private long nextSweepMillis;
    private long retryMillis;
    private Optional<Long> staleSince = Optional.empty();
    private boolean introduced;

    /** Whether readers must not trust the state; read by any thread. */
    private volatile boolean stale;

    String botId() {
        return botId;
    }

    void botId(String id) {
        botId = id;
    }

    boolean sweepIsDue(long nowMillis) {
        return nowMillis >= nextSweepMillis;
    }

    void nextSweep(long millis) {
        nextSweepMillis = millis;
    }

    /** Whether it is too early to try Redis again after events passed it by. */
    boolean isSkipping(long nowMillis) {
        return nowMillis < retryMillis;
    }

    void skipped(long nowMillis, long pauseMillis) {
        retryMillis = nowMillis + pauseMillis;
        stale = true;
        if (staleSince.isEmpty()) {
            staleSince = Optional.of(nowMillis);
        }
    }

    /** Whether it is known how an earlier process left the shard. */
    boolean introduced() {
        return introduced;
    }

    void introduce(boolean leftStale) {
        introduced = true;
        stale |= leftStale;
    }

    /** Since when events have passed the state by, while Redis has not been told. */
    Optional<Long> untoldStale() {
        return staleSince;
    }

    void toldStale() {
        staleSince = Optional.empty();
    }

    boolean stale() {
        return stale;
    }

    void fresh() {
        stale = false;
        staleSince = Optional.empty();
    }
}
