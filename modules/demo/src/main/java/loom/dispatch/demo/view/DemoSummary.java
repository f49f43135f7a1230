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
        boolean hasLedger, LedgerTotals tally, Duration elapsed, int kills, int imageExitCode) {
    /** Returns true if no event was lost or out of order and the image ended with 0. */
    public boolean good() {
        return imageExitCode == 0 && (!hasLedger || tally.kept());
    }

    /** Returns the lines to print. */
    public List<String> lines(boolean coloured) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        if (hasLedger) {
            lines.add(row("dispatched", LiveView.count(tally.dispatched()), ""));
        }
        lines.add(row("received", LiveView.count(tally.received()), ""));
        if (hasLedger) {
            lines.add(verdict(coloured, "lost", tally.missing()));
            lines.add(
                    row(
                            "repeated",
                            LiveView.count(tally.repeated()),
                            kills > 0
                                    ? "after a kill events may come again, with the same id"
                                    : ""));
            lines.add(verdict(coloured, "out of order", tally.outOfOrder()));
            if (tally.wrong() > 0) {
                lines.add(verdict(coloured, "wrong", tally.wrong()));
            }
            lines.add(row("latency p50", LiveView.millis(tally.p50Nanos()), ""));
            lines.add(row("latency p99", LiveView.millis(tally.p99Nanos()), ""));
        }
        lines.add(row("killed", Integer.toString(kills), kills == 1 ? "time" : "times"));
        lines.add(row("ran", LiveView.clock(elapsed), ""));
        lines.add(row("image exit code", Integer.toString(imageExitCode), ""));
        tally.examples().forEach(example -> lines.add("  " + example));
        lines.add("");
        lines.add("  " + conclusion(coloured));
        lines.add("");
        return lines;
    }

    private String conclusion(boolean coloured) {
        if (!good()) {
            return TerminalColors.RED.on(
                    coloured, hasLedger && !tally.kept() ? "promise broken" : "the image failed");
        }
        return TerminalColors.GREEN.on(
                coloured, hasLedger ? "nothing lost, everything in order" : "ended in order");
    }

    private static String verdict(boolean coloured, String label, long count) {
        return (count == 0 ? TerminalColors.GREEN : TerminalColors.RED)
                .on(coloured, row(label, LiveView.count(count), ""));
    }

    private static String row(String label, String value, String note) {
        return "  %-16s%14s  %s".formatted(label, value, note).stripTrailing();
    }
}
