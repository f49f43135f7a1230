package loom.dispatch.app;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Writes one event a line to standard output: time, level, logger, then the event's key=value. */
final class Logging {
    private Logging() {}

    /** Logs from this level on; other libraries only from warnings on. */
    static void configure(System.Logger.Level level) {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new Lines(System.out));
        root.setLevel(Level.WARNING);
        OURS.setLevel(julLevel(level));
    }

    /** Held here, for java.util.logging forgets a level whose logger nobody holds. */
    private static final Logger OURS = Logger.getLogger("loom.dispatch");

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

    /** A handler whose every record leaves at once, as one write. */
    private static final class Lines extends Handler {
        private final PrintStream out;
        private final Formatter formatter = new Line();

        private Lines(PrintStream out) {
            this.out = out;
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                byte[] line = formatter.format(record).getBytes(StandardCharsets.UTF_8);
                out.write(line, 0, line.length);
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

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord record) {
            Instant at = record.getInstant().truncatedTo(ChronoUnit.MILLIS);
            String message = text(record).replace('\n', ' ');
            var line =
                    new StringBuilder()
                            .append("time=")
                            .append(at)
                            .append(" level=")
                            .append(word(record.getLevel()))
                            .append(" logger=")
                            .append(record.getLoggerName())
                            .append(" event=")
                            .append(message);
            Throwable thrown = record.getThrown();
            if (thrown != null) {
                line.append(" cause=\"").append(thrown).append('"');
                for (StackTraceElement frame : thrown.getStackTrace()) {
                    line.append("\n    at ").append(frame);
                }
            }
            return line.append('\n').toString();
        }

        /** Puts the parameters in as they print: a log line must not group digits by locale. */
        private static String text(LogRecord record) {
            String text = String.valueOf(record.getMessage());
            Object[] parameters = record.getParameters();
            for (int i = 0; parameters != null && i < parameters.length; i++) {
                text = text.replace("{" + i + "}", String.valueOf(parameters[i]));
            }
            return text;
        }

        private static String word(Level level) {
            int value = level.intValue();
            if (value >= Level.SEVERE.intValue()) {
                return "error";
            }
            if (value >= Level.WARNING.intValue()) {
                return "warn";
            }
            if (value >= Level.INFO.intValue()) {
                return "info";
            }
            return value >= Level.FINE.intValue() ? "debug" : "trace";
        }
    }
}
