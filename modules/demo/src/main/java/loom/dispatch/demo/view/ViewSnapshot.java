package loom.dispatch.demo.view;

import loom.dispatch.demo.scene.DemoSurroundings;

import java.time.Duration;
import java.util.List;

/**
 * All that the view shows of one moment.
 *
 * @param phase what goes on, for example {@code draining}; empty while it just runs
 * @param shardStates by shard, in the words of {@code gateway_statuses}
 * @param dispatchedBars the last half minute of rates
 */
public record ViewSnapshot(
        String title,
        Duration elapsed,
        String phase,
        boolean hasLedger,
        List<String> shardStates,
        LedgerTotals tally,
        long dispatchedPerSecond,
        String dispatchedBars,
        long receivedPerSecond,
        String receivedBars,
        String latestEvent,
        int kills,
        List<DemoSurroundings.Hint> hints) {

    /** How many shards are connected. */
    long connected() {
        return shardStates.stream().filter("Connected"::equals).count();
    }
}
