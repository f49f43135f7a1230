package loom.dispatch.demo.view;

import java.util.List;

/**
 * The totals of the ledger.
 *
 * @param missing events dispatched and not received: in flight during the run, lost at the end
 * @param wrong events that were never dispatched, or changed on the way
 * @param examples the first few wrong events
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

    /**
     * Returns true if no event is missing, wrong or out of order. Valid when no event is in flight.
     */
    boolean kept() {
        return missing == 0 && outOfOrder == 0 && wrong == 0;
    }
}
