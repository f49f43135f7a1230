package loom.dispatch.cache;

import java.util.Objects;

/** A password that cannot print itself; empty means that there is none. */
public final class Secret {
    /** No password. */
    public static final Secret NONE = new Secret("");

    private final String value;

    /**
     * Wraps a password.
     *
     * @param value the password itself, empty for none
     */
    public Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /** Whether there is one. */
    public boolean isPresent() {
        return !value.isEmpty();
    }

    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value.isEmpty() ? "" : "***";
    }
}
