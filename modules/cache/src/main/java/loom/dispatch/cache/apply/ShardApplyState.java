package loom.dispatch.cache.apply;

import java.util.Optional;

/** What is remembered about one shard between batches. Owned by the shard's dispatch thread. */
public final class ShardApplyState {
    private String botId = "";
    private long nextSweepMillis;
    private long retryMillis;
    private Optional<Long> staleSince = Optional.empty();
    private boolean introduced;

    /** Whether readers must not trust the state; read by any thread. */
    private volatile boolean stale;

    public String botId() {
        return botId;
    }

    public void botId(String id) {
        botId = id;
    }

    public boolean sweepIsDue(long nowMillis) {
        return nowMillis >= nextSweepMillis;
    }

    public void nextSweep(long millis) {
        nextSweepMillis = millis;
    }

    /** Whether it is too early to try Redis again after events passed it by. */
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

    /** Whether it is known how an earlier process left the shard. */
    public boolean introduced() {
        return introduced;
    }

    public void introduce(boolean leftStale) {
        introduced = true;
        stale |= leftStale;
    }

    /** Since when events have passed the state by, while Redis has not been told. */
    public Optional<Long> untoldStale() {
        return staleSince;
    }

    public void toldStale() {
        staleSince = Optional.empty();
    }

    public boolean stale() {
        return stale;
    }

    public void fresh() {
        stale = false;
        staleSince = Optional.empty();
    }
}
