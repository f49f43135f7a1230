package loom.dispatch.demo.view;

import loom.dispatch.demo.scene.DemoSurroundings;

import java.time.Duration;
import java.util.List;

/**
 * The values that the view shows at one moment.
 *
 * @param phase the current phase, for example {@code draining}; empty while the demo runs normally
 * @param shardStates by shard, as in {@code gateway_statuses}
 * @param dispatchedBars the rates of the last 30 seconds
 */
public record ViewSnapshot(
        String title,
        Duration elapsed,
        String phase,
        boolean hasLedger,
        List<String> shardStates,
        LedgerTotals totals,
        long dispatchedPerSecond,
        String dispatchedBars,
        long receivedPerSecond,
        String receivedBars,
        String latestEvent,
        int kills,
        List<DemoSurroundings.Hint> hints) {

    /** Returns how many shards are connected. */
    long connected() {
        return shardStates.stream().filter("Connected"::equals).count();
    }
}
