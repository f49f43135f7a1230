package loom.dispatch.app.log;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Writes the log to standard output: each record at once, by one write. */
public final class LogOutput {
    /**
     * A strong reference, because java.util.logging drops the level of a garbage collected logger.
     */
    private static final Logger OURS = Logger.getLogger("loom.dispatch");

    private LogOutput() {}

    /** Sets the lowest level of our log events. Libraries log warnings and errors only. */
    public static void configure(System.Logger.Level level, LogRecordFormat format) {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(
                new Lines(System.out, format, JournalPriority.isStandardOutput(System.getenv())));
        root.setLevel(level == System.Logger.Level.OFF ? Level.OFF : Level.WARNING);
        OURS.setLevel(julLevel(level));
    }

    private static Level julLevel(System.Logger.Level level) {
        return switch (level) {
            case ALL, TRACE -> Level.FINER;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARNING -> Level.WARNING;
            case ERROR -> Level.SEVERE;
            case OFF -> Level.OFF;
        };
    }

    private static final class Lines extends Handler {
        private final PrintStream out;
        private final LogRecordFormat format;
        private final boolean journal;

        private Lines(PrintStream out, LogRecordFormat format, boolean journal) {
            this.out = out;
            this.format = format;
            this.journal = journal;
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                String line = format.line(record);
                String whole = journal ? JournalPriority.marked(line, record.getLevel()) : line;
                byte[] bytes = (whole + "\n").getBytes(StandardCharsets.UTF_8);
                out.write(bytes, 0, bytes.length);
                out.flush();
            }
        }

        @Override
        public void flush() {
            out.flush();
        }

        @Override
        public void close() {}
    }
}
