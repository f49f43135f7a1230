package loom.dispatch.app.log;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log message taken apart: {@code shard.ready shard=3 session="a b"} is an event's name and its
 * fields. What is not of this form, as libraries write, is the event {@code log} with a field
 * {@code text}.
 *
 * @param name stable; two words or more with dots between
 * @param fields in the order of the message
 */
record ParsedLogEvent(String name, List<Field> fields) {
    private static final Pattern NAME = Pattern.compile("[a-z_]+(?:\\.[a-z_]+)+(?= |$)");

    /**
     * A quoted value ends at the quote behind which the message ends or another field begins: what
     * others say is put between quotes as it is.
     */
    private static final Pattern FIELD =
            Pattern.compile(" *([a-z_]+)=(?:\"(.*?)\"(?= [a-z_]+=| *$)|([^ ]*))");

    /** A name and its text, without quotes. */
    record Field(String name, String text) {}

    static ParsedLogEvent of(String message) {
        String line = message.replace('\n', ' ').replace('\r', ' ');
        Matcher name = NAME.matcher(line);
        if (!name.lookingAt()) {
            return text(line);
        }
        List<Field> fields = new ArrayList<>();
        int at = name.end();
        Matcher field = FIELD.matcher(line);
        while (field.region(at, line.length()).lookingAt()) {
            fields.add(
                    new Field(
                            field.group(1),
                            field.group(2) == null ? field.group(3) : field.group(2)));
            at = field.end();
        }
        if (!line.substring(at).isBlank()) {
            fields.add(new Field("text", line.substring(at).strip()));
        }
        return new ParsedLogEvent(name.group(), List.copyOf(fields));
    }

    private static ParsedLogEvent text(String line) {
        return new ParsedLogEvent("log", List.of(new Field("text", line.strip())));
    }
}
