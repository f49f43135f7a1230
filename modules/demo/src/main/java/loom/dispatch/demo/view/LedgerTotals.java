package loom.dispatch.demo.view;

import java.util.List;

/**
 * What the ledger says.
 *
 * @param missing dispatched and not received: on its way while the image works, lost at the end
 * @param wrong received and never dispatched, or changed on the way
 * @param examples the first few things that are wrong
 */
public record LedgerTotals(
        long dispatched,
        long received,
        long missing,
        long repeated,
        long outOfOrder,
        long wrong,
        long p50Nanos,
        long p99Nanos,
        List<String> examples) {
    public static final LedgerTotals NOTHING = new LedgerTotals(0, 0, 0, 0, 0, 0, 0, 0, List.of());

    /** Whether the promise was kept, when nothing is on its way any more. */
    boolean kept() {
        return missing == 0 && outOfOrder == 0 && wrong == 0;
    }
}
