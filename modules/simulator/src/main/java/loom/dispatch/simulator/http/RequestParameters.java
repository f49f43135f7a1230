package loom.dispatch.simulator.http;

import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** The parsed parameters of a control request or of a fault on the command line. */
public record RequestParameters(Map<String, String> values) {
    /** Returns the shard of parameter {@code shard}, or all shards without it. */
    IntPredicate shards() {
        if (!has("shard")) {
            return shard -> true;
        }
        int wanted = number("shard");
        return shard -> shard == wanted;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * Returns a required parameter.
     *
     * @throws IllegalArgumentException that names the missing or invalid parameter
     */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("missing parameter " + name);
        }
        return value;
    }

    boolean on() {
        return truth("on");
    }

    boolean truth(String name) {
        return switch (text(name)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(name + " must be true or false");
        };
    }

    public int number(String name) {
        try {
            return Integer.parseInt(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number");
        }
    }

    public double rate(String name) {
        try {
            return Double.parseDouble(text(name));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number");
        }
    }

    public <E extends Enum<E>> E oneOf(Class<E> kind, String name) {
        String wanted = text(name).toUpperCase(Locale.ROOT).replace('-', '_');
        for (E each : kind.getEnumConstants()) {
            if (each.name().equals(wanted)) {
                return each;
            }
        }
        throw new IllegalArgumentException(
                name + " must be one of " + String.join(", ", names(kind)));
    }

    private static String[] names(Class<? extends Enum<?>> kind) {
        Enum<?>[] constants = kind.getEnumConstants();
        String[] names = new String[constants.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = constants[i].name();
        }
        return names;
    }
}
