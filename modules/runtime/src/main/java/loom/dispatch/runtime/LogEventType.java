package loom.dispatch.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A kind of log event: its stable name, its fields, and what it tells an operator.
 *
 * @param name two words or more with dots between, for example {@code shard.ready}
 * @param level any level but ALL and OFF
 * @param fieldNames the fields in the order in which they are written
 * @param meaning a sentence that says what has happened
 * @param action a sentence that says what the operator should do
 */
public record LogEventType(
        String name,
        System.Logger.Level level,
        List<String> fieldNames,
        String meaning,
        String action) {

    private static final String LIBRARY_NAME = "log";

    /** The formats write these before and behind the fields of the event. */
    private static final Set<String> RESERVED =
            Set.of("time", "level", "logger", "event", "cause", "trace");

    private static final Pattern NAME = Pattern.compile("[a-z_]+(\\.[a-z_]+)+");
    private static final Pattern FIELD_NAME = Pattern.compile("[a-z_]+");

    /**
     * The event of a record that a library wrote as text: {@code log}, with a field {@code text}.
     * It is the only name without a dot. The record has a level of its own.
     */
    public static final LogEventType LIBRARY_TEXT =
            new LogEventType(
                    "log",
                    System.Logger.Level.INFO,
                    List.of("text"),
                    "A library logged a text.",
                    "Nothing to do.");

    /**
     * Checks all parts.
     *
     * @throws IllegalArgumentException if a name has a wrong form, if a field name is reserved or
     *     occurs twice, if the level is ALL or OFF, or if a sentence is blank
     */
    public LogEventType {
        Objects.requireNonNull(level, "level");
        fieldNames = List.copyOf(fieldNames);
        require(name.equals(LIBRARY_NAME) || NAME.matcher(name).matches(), name, "the name");
        require(
                level != System.Logger.Level.ALL && level != System.Logger.Level.OFF,
                name,
                "the level");
        for (String field : fieldNames) {
            require(FIELD_NAME.matcher(field).matches(), name, "the field name " + field);
            require(!RESERVED.contains(field), name, "the reserved field name " + field);
        }
        require(new HashSet<>(fieldNames).size() == fieldNames.size(), name, "a repeated field");
        require(!meaning.isBlank(), name, "the meaning");
        require(!action.isBlank(), name, "the action");
    }

    private static void require(boolean valid, String name, String part) {
        if (!valid) {
            throw new IllegalArgumentException(part + " of log event " + name + " is not valid");
        }
    }

    /**
     * Creates an event of this type.
     *
     * @param values one for each field name, in the same order; see {@link LogEvent} for their
     *     forms
     * @throws IllegalArgumentException if the number of values differs from that of the names
     */
    public LogEvent with(Object... values) {
        return LogEvent.of(this, values);
    }
}
