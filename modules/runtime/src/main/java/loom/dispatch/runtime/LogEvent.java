package loom.dispatch.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One event for the log: a type, the values of its fields, and the throwable that caused it.
 *
 * <p>The formats write a value as its {@link Object#toString} with these exceptions:
 *
 * <ul>
 *   <li>An empty {@link Optional} leaves its field out; any other is written as its content.
 *   <li>A {@link Duration} is written in whole milliseconds. Its field's name should end in {@code
 *       _ms}.
 *   <li>null is written as {@code null}: a log call must not fail for a missing message.
 * </ul>
 *
 * @param type names the event and its fields
 * @param values one for each field name, in the same order; none of them is null
 * @param cause the throwable whose text and trace the formats add
 */
public record LogEvent(LogEventType type, List<Object> values, Optional<Throwable> cause) {

    /**
     * Checks that each field has a value.
     *
     * @throws IllegalArgumentException if the number of values differs from that of the names
     */
    public LogEvent {
        values = List.copyOf(values);
        if (values.size() != type.fieldNames().size()) {
            throw new IllegalArgumentException(
                    "log event "
                            + type.name()
                            + " has the fields "
                            + type.fieldNames()
                            + " but "
                            + values.size()
                            + " values");
        }
    }

    static LogEvent of(LogEventType type, Object... values) {
        List<Object> present = new ArrayList<>(values.length);
        for (Object value : values) {
            present.add(value == null ? "null" : value);
        }
        return new LogEvent(type, present, Optional.empty());
    }

    /** Creates the event {@code log} for a record that a library wrote as text. */
    public static LogEvent ofLibrary(String text) {
        return of(LogEventType.LIBRARY_TEXT, text.strip());
    }

    /** Returns this event with a throwable, which replaces the one before. */
    public LogEvent causedBy(Throwable throwable) {
        return new LogEvent(type, values, Optional.of(throwable));
    }

    /** Returns the names and the unescaped texts of the fields in order, without the cause. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            String name = type.fieldNames().get(i);
            text(values.get(i)).ifPresent(text -> fields.put(name, text));
        }
        return fields;
    }

    private static Optional<String> text(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.flatMap(LogEvent::text);
            // saturates, where Duration.toMillis would throw
            case Duration duration ->
                    Optional.of(Long.toString(TimeUnit.MILLISECONDS.convert(duration)));
            default -> Optional.of(String.valueOf(value));
        };
    }

    /** Returns the name and the fields as {@link LogTextFormat} writes them, in one line. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(type.name());
        fields().forEach((name, text) -> LogTextFormat.append(line, name, text));
        cause.ifPresent(
                thrown -> LogTextFormat.append(line, "cause", LogRecordFields.cause(thrown)));
        return line.toString();
    }
}
