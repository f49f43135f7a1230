package loom.dispatch.demo.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Formats a {@link ViewSnapshot} as a panel for a terminal, or as one line for a log. Stateless.
 */
final class LiveView {
    private static final int WIDTH = 78;
    private static final int SHARDS_A_ROW = 16;

    private final boolean coloured;

    LiveView(boolean coloured) {
        this.coloured = coloured;
    }

    /** Returns the lines of the panel. Their number depends only on the number of shards. */
    List<String> panel(ViewSnapshot snapshot) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(head(snapshot));
        lines.add(dim("  " + "─".repeat(WIDTH - 2)));
        lines.addAll(shards(snapshot));
        lines.add("");
        LedgerTotals totals = snapshot.totals();
        if (snapshot.hasLedger()) {
            lines.add(
                    counter(
                            "dispatched",
                            totals.dispatched(),
                            snapshot.dispatchedPerSecond(),
                            snapshot.dispatchedBars()));
        }
        lines.add(
                counter(
                        "received",
                        totals.received(),
                        snapshot.receivedPerSecond(),
                        snapshot.receivedBars()));
        if (snapshot.hasLedger()) {
            lines.add(latency(totals));
            lines.add(guarantee(totals, snapshot.kills()));
        }
        lines.add(label("latest") + snapshot.latestEvent());
        lines.add("");
        snapshot.hints().forEach(hint -> lines.add(label(hint.label()) + cyan(hint.text())));
        lines.add(label("end") + "Ctrl-C");
        return lines;
    }

    /** Returns one line, for output that is not a terminal. */
    String line(ViewSnapshot snapshot) {
        LedgerTotals totals = snapshot.totals();
        String shards =
                "%s  shards %d/%d"
                        .formatted(
                                clock(snapshot.elapsed()),
                                snapshot.connected(),
                                snapshot.shardStates().size());
        String received =
                "  received %s (%s/s)"
                        .formatted(count(totals.received()), count(snapshot.receivedPerSecond()));
        String phase = snapshot.phase().isEmpty() ? "" : "  " + snapshot.phase();
        if (!snapshot.hasLedger()) {
            return shards + received + "  latest " + snapshot.latestEvent() + phase;
        }
        return shards
                + "  dispatched %s (%s/s)"
                        .formatted(
                                count(totals.dispatched()), count(snapshot.dispatchedPerSecond()))
                + received
                + "  in flight %s  p50 %s  p99 %s  repeated %s  out of order %s  kills %d"
                        .formatted(
                                count(totals.missing()),
                                millis(totals.p50Nanos()),
                                millis(totals.p99Nanos()),
                                count(totals.repeated()),
                                count(totals.outOfOrder()),
                                snapshot.kills())
                + phase;
    }

    private String head(ViewSnapshot snapshot) {
        String name = "loom-dispatch";
        String right =
                (snapshot.phase().isEmpty() ? "" : snapshot.phase() + "  ")
                        + clock(snapshot.elapsed());
        int room = WIDTH - 2 - name.length() - right.length() - 4;
        String title = snapshot.title();
        title = title.length() <= room ? title : title.substring(0, Math.max(0, room - 1)) + "…";
        String gap = " ".repeat(Math.max(2, room - title.length() + 2));
        return "  " + TerminalColors.BOLD.on(coloured, name) + "  " + dim(title) + gap + right;
    }

    private List<String> shards(ViewSnapshot snapshot) {
        List<String> states = snapshot.shardStates();
        List<String> rows = new ArrayList<>();
        for (int from = 0; from < states.size(); from += SHARDS_A_ROW) {
            var row = new StringBuilder(label(from == 0 ? "shards" : ""));
            int to = Math.min(states.size(), from + SHARDS_A_ROW);
            states.subList(from, to).forEach(state -> row.append(mark(state)).append(' '));
            rows.add(row.toString());
        }
        if (rows.isEmpty()) {
            rows.add(label("shards") + dim("starting"));
        } else {
            String all = "  %d of %d connected".formatted(snapshot.connected(), states.size());
            rows.set(rows.size() - 1, rows.getLast() + dim(all));
        }
        return rows;
    }

    private String mark(String state) {
        return switch (state) {
            case "Connected" -> TerminalColors.GREEN.on(coloured, "●");
            case "Identifying", "Resuming", "Handshaking" ->
                    TerminalColors.YELLOW.on(coloured, "◐");
            default -> TerminalColors.RED.on(coloured, "○");
        };
    }

    private String counter(String name, long value, long perSecond, String bars) {
        return label(name)
                + TerminalColors.BOLD.on(coloured, "%12s".formatted(count(value)))
                + "%12s".formatted(count(perSecond) + "/s")
                + "   "
                + cyan(bars);
    }

    private String latency(LedgerTotals totals) {
        return label("in flight")
                + "%12s".formatted(count(totals.missing()))
                + dim("     latency  ")
                + "p50 "
                + millis(totals.p50Nanos())
                + "   p99 "
                + millis(totals.p99Nanos());
    }

    private String guarantee(LedgerTotals totals, int kills) {
        String order = "out of order " + count(totals.outOfOrder());
        String wrong = totals.wrong() == 0 ? "" : "   wrong " + count(totals.wrong());
        boolean fine = totals.outOfOrder() == 0 && totals.wrong() == 0;
        return label("so far")
                + (fine ? TerminalColors.GREEN : TerminalColors.RED).on(coloured, order + wrong)
                + "   repeated "
                + count(totals.repeated())
                + "   killed "
                + kills
                + (kills == 1 ? " time" : " times");
    }

    private String label(String text) {
        return dim("  %-11s".formatted(text));
    }

    private String dim(String text) {
        return TerminalColors.DIM.on(coloured, text);
    }

    private String cyan(String text) {
        return TerminalColors.CYAN.on(coloured, text);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }

    static String clock(Duration elapsed) {
        return "%02d:%02d".formatted(elapsed.toMinutes(), elapsed.toSecondsPart());
    }
}
