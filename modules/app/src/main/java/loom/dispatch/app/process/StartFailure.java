package loom.dispatch.app.process;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.log.LogRecordFormat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.stream.Stream;

/** Reports that the service cannot start. The message is for the operator. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public StartFailure(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Returns one line for each error, in the format of the log. */
    public Stream<String> lines(LogRecordFormat format) {
        return getMessage()
                .lines()
                .map(line ->
                        switch (format) {
                            case TEXT -> "loom-dispatch: " + line;
                            case JSON_LINES -> format.line(record(line));
                        });
    }

    private LogRecord record(String line) {
        var record = new LogRecord(Level.SEVERE, "{0}");
        record.setParameters(
                new Object[] {AppLogEvents.SERVICE_REFUSED.with(exitCode.code(), line)});
        record.setLoggerName("loom.dispatch.service");
        return record;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
