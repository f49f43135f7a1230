package loom.dispatch.demo.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The result of a demo run.
 *
 * @param imageExitCode exit code of the image after SIGTERM
 */
public record DemoSummary(
        boolean hasLedger, LedgerTotals totals, Duration elapsed, int kills, int imageExitCode) {
    /** Returns true if no event was lost or out of order and the image ended with 0. */
    public boolean succeeded() {
        return imageExitCode == 0 && (!hasLedger || totals.kept());
    }

    /** Returns the lines to print. */
    public List<String> lines(boolean coloured) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        if (hasLedger) {
            lines.add(row("dispatched", LiveView.count(totals.dispatched()), ""));
        }
        lines.add(row("received", LiveView.count(totals.received()), ""));
        if (hasLedger) {
            lines.add(verdict(coloured, "lost", totals.missing()));
            lines.add(
                    row(
                            "repeated",
                            LiveView.count(totals.repeated()),
                            kills > 0
                                    ? "after a kill, events may repeat with the same message id"
                                    : ""));
            lines.add(verdict(coloured, "out of order", totals.outOfOrder()));
            if (totals.wrong() > 0) {
                lines.add(verdict(coloured, "wrong", totals.wrong()));
            }
            lines.add(row("latency p50", LiveView.millis(totals.p50Nanos()), ""));
            lines.add(row("latency p99", LiveView.millis(totals.p99Nanos()), ""));
        }
        lines.add(row("killed", Integer.toString(kills), kills == 1 ? "time" : "times"));
        lines.add(row("run time", LiveView.clock(elapsed), ""));
        lines.add(row("image exit code", Integer.toString(imageExitCode), ""));
        totals.examples().forEach(example -> lines.add("  " + example));
        lines.add("");
        lines.add("  " + conclusion(coloured));
        lines.add("");
        return lines;
    }

    private String conclusion(boolean coloured) {
        if (!succeeded()) {
            return TerminalColors.RED.on(
                    coloured,
                    hasLedger && !totals.kept()
                            ? "events lost, wrong or out of order"
                            : "the image failed");
        }
        return TerminalColors.GREEN.on(
                coloured,
                hasLedger ? "nothing lost, everything in order" : "the image ended normally");
    }

    private static String verdict(boolean coloured, String label, long count) {
        return (count == 0 ? TerminalColors.GREEN : TerminalColors.RED)
                .on(coloured, row(label, LiveView.count(count), ""));
    }

    private static String row(String label, String value, String note) {
        return "  %-16s%14s  %s".formatted(label, value, note).stripTrailing();
    }
}
