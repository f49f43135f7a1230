package loom.dispatch.runtime;

/**
 * Writes log events to a {@link System.Logger}. Safe for use by any thread.
 *
 * <p>A handler of java.util.logging finds the {@link LogEvent} as the only parameter of the record,
 * whose message is <code>{0}</code>. Any other handler prints the event's text form.
 */
public final class EventLog {
    private final System.Logger logger;

    /** Uses the logger of this name. */
    public EventLog(String loggerName) {
        this(System.getLogger(loggerName));
    }

    EventLog(System.Logger logger) {
        this.logger = logger;
    }

    /** Writes an event, if the logger takes events of its level. */
    public void write(LogEvent event) {
        if (isEnabled(event.type())) {
            logger.log(event.type().level(), "{0}", event);
        }
    }

    /**
     * Creates and writes an event, if the logger takes events of this type.
     *
     * @param values as {@link LogEventType#with} takes them
     */
    public void write(LogEventType type, Object... values) {
        if (isEnabled(type)) {
            write(type.with(values));
        }
    }

    /** Returns whether the logger takes events of this type. */
    public boolean isEnabled(LogEventType type) {
        return logger.isLoggable(type.level());
    }
}
