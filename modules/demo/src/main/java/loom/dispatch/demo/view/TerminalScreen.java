package loom.dispatch.demo.view;

import java.io.PrintStream;
import java.util.List;

/** Draws the view in place in a terminal, or as lines in a stream. Used by the main thread only. */
public final class TerminalScreen {
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final String CLEAR_LINE = "\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[J";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    private final PrintStream out;
    private final boolean inPlace;
    private final LiveView view;
    private int drawnLines;
    private boolean lineDrawn;
    private long lineNanos;

    TerminalScreen(PrintStream out, boolean inPlace, boolean coloured) {
        this.out = out;
        this.inPlace = inPlace;
        view = new LiveView(coloured);
    }

    /** Returns the screen of this process's standard output. */
    public static TerminalScreen ofStandardOutput() {
        boolean terminal = System.console() != null && System.console().isTerminal();
        boolean capable = !"dumb".equals(System.getenv().getOrDefault("TERM", "dumb"));
        boolean plain = System.getenv().containsKey("NO_COLOR");
        return new TerminalScreen(System.out, terminal && capable, terminal && capable && !plain);
    }

    public boolean coloured() {
        return inPlace;
    }

    /** Redraws the panel, or prints a line if the last one is old enough. */
    public void show(ViewSnapshot snapshot, long nowNanos) {
        if (inPlace) {
            redraw(view.panel(snapshot));
        } else if (!lineDrawn || nowNanos - lineNanos >= LINE_NANOS) {
            lineDrawn = true;
            lineNanos = nowNanos;
            out.println(view.line(snapshot));
            out.flush();
        }
    }

    /** Prints lines below the panel that stay visible. */
    public void print(List<String> lines) {
        drawnLines = 0;
        lines.forEach(out::println);
        out.flush();
    }

    /** Restores the terminal. */
    public void close() {
        if (inPlace) {
            out.print(SHOW_CURSOR);
            out.flush();
        }
    }

    private void redraw(List<String> lines) {
        var frame = new StringBuilder(HIDE_CURSOR);
        if (drawnLines > 0) {
            frame.append("\u001b[").append(drawnLines).append('A');
        }
        for (String line : lines) {
            frame.append('\r').append(CLEAR_LINE).append(line).append('\n');
        }
        frame.append(CLEAR_BELOW);
        drawnLines = lines.size();
        out.print(frame);
        out.flush();
    }
}
