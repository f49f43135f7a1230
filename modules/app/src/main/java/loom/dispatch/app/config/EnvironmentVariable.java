package loom.dispatch.app.config;

import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Defines one environment variable: its name, its default and how its text becomes a value.
 *
 * @param name the name of the environment variable
 * @param fallback the text for an absent or empty variable; never a secret
 * @param allowed the allowed values, for error messages and the help
 * @param meaning one line for the help
 * @param secret whether messages must not contain the value
 * @param parser makes the value from the text; throws {@link IllegalArgumentException} if the text
 *     is not allowed
 */
public record EnvironmentVariable<T>(
        String name,
        String fallback,
        String allowed,
        String meaning,
        boolean secret,
        Function<String, T> parser) {

    /** Names the invalid part of a value that has parts. The error message contains it. */
    static final class WrongPart extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        WrongPart(String message) {
            super(message);
        }
    }

    static EnvironmentVariable<String> text(
            String name, String fallback, String allowed, String meaning) {
        return new EnvironmentVariable<>(
                name, fallback, allowed, meaning, false, Function.identity());
    }

    static EnvironmentVariable<String> secret(String name, String fallback, String meaning) {
        return new EnvironmentVariable<>(
                name, fallback, "a secret", meaning, true, Function.identity());
    }

    static EnvironmentVariable<Long> number(
            String name, String fallback, long least, long most, String unit, String meaning) {
        String allowed = (unit.isEmpty() ? "" : unit + ", ") + least + " to " + most;
        return new EnvironmentVariable<>(
                name,
                fallback,
                allowed,
                meaning,
                false,
                text -> {
                    long value = Long.parseLong(text);
                    if (value < least || value > most) {
                        throw new IllegalArgumentException("out of range");
                    }
                    return value;
                });
    }

    static EnvironmentVariable<Boolean> flag(String name, String fallback, String meaning) {
        return choice(name, fallback, meaning, List.of("true", "false"), "true"::equals);
    }

    static EnvironmentVariable<URI> url(
            String name, String fallback, String meaning, String... schemes) {
        return new EnvironmentVariable<>(
                name,
                fallback,
                "a URL beginning with " + String.join(" or ", schemes),
                meaning,
                false,
                text -> {
                    if (Stream.of(schemes).noneMatch(text::startsWith)) {
                        throw new IllegalArgumentException("wrong scheme");
                    }
                    return URI.create(text);
                });
    }

    static <T> EnvironmentVariable<T> choice(
            String name,
            String fallback,
            String meaning,
            List<String> choices,
            Function<String, T> parser) {
        return new EnvironmentVariable<>(
                name,
                fallback,
                String.join(" | ", choices),
                meaning,
                false,
                text -> {
                    if (!choices.contains(text)) {
                        throw new IllegalArgumentException("not one of the choices");
                    }
                    return parser.apply(text);
                });
    }
}
