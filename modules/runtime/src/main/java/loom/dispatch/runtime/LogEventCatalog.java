package loom.dispatch.runtime;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * Lists the log event types of one module, in the order in which they are declared.
 *
 * <p>A class declares its types as constants and offers the list to the documentation:
 *
 * <pre>{@code
 * private static final LogEventCatalog CATALOG = new LogEventCatalog();
 * public static final LogEventType SHARD_READY =
 *         CATALOG.info("shard.ready", "A shard is ready.", "Nothing to do.", "shard", "session");
 *
 * public static List<LogEventType> all() {
 *     return CATALOG.all();
 * }
 * }</pre>
 *
 * <p>Only the initialization of that class may add types: the catalog has no lock.
 */
public final class LogEventCatalog {
    private final List<LogEventType> types = new ArrayList<>();

    /** Starts without types. */
    public LogEventCatalog() {}

    /** Adds a type of level ERROR. */
    public LogEventType error(String name, String meaning, String action, String... fieldNames) {
        return add(new LogEventType(name, Level.ERROR, List.of(fieldNames), meaning, action));
    }

    /** Adds a type of level WARNING. */
    public LogEventType warning(String name, String meaning, String action, String... fieldNames) {
        return add(new LogEventType(name, Level.WARNING, List.of(fieldNames), meaning, action));
    }

    /** Adds a type of level INFO. */
    public LogEventType info(String name, String meaning, String action, String... fieldNames) {
        return add(new LogEventType(name, Level.INFO, List.of(fieldNames), meaning, action));
    }

    /** Adds a type of level DEBUG. */
    public LogEventType debug(String name, String meaning, String action, String... fieldNames) {
        return add(new LogEventType(name, Level.DEBUG, List.of(fieldNames), meaning, action));
    }

    private LogEventType add(LogEventType type) {
        if (types.stream().anyMatch(known -> known.name().equals(type.name()))) {
            throw new IllegalArgumentException("log event " + type.name() + " is declared twice");
        }
        types.add(type);
        return type;
    }

    /** Returns the types that have been added. */
    public List<LogEventType> all() {
        return List.copyOf(types);
    }
}
