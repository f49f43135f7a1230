package loom.dispatch.broker;

import java.util.Objects;

/** A password that cannot print itself: logs, errors and metrics show {@code ***}. */
public record Password(String value) {

    /** Takes the password as it is; the empty one is allowed. */
    public Password {
        Objects.requireNonNull(value, "password");
    }

    @Override
    public String toString() {
        return "***";
    }
}
