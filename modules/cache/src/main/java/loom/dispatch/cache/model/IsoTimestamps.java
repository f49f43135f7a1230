package loom.dispatch.cache.model;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Formats times as consumers parse them: UTC, without a zone, one to nine digits of fraction. */
public final class IsoTimestamps {
    private static final DateTimeFormatter FORM =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
                    .toFormatter(Locale.ROOT);

    private IsoTimestamps() {}

    public static String format(Instant time) {
        return FORM.format(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    }

    /** Reads what {@link #format} wrote. */
    public static Instant parse(String text) {
        return LocalDateTime.parse(text, FORM).toInstant(ZoneOffset.UTC);
    }
}
