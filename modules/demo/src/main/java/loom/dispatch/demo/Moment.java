package loom.dispatch.demo;

import java.time.Duration;
import java.util.List;

/**
 * All that the view shows of one moment.
 *
 * @param phase what goes on, for example {@code draining}; empty while it just runs
 * @param shardStates by shard, in the words of {@code gateway_statuses}
 * @param dispatchedBars the last half minute of rates
 */
record Moment(
        String title,
        Duration elapsed,
        String phase,
        boolean hasLedger,
        List<String> shardStates,
        Tally tally,
        long dispatchedPerSecond,
        String dispatchedBars,
        long receivedPerSecond,
        String receivedBars,
        String latestEvent,
        int kills,
        List<Scene.Hint> hints) {

    /** How many shards are connected. */
    long connected() {
        return shardStates.stream().filter("Connected"::equals).count();
    }
}
