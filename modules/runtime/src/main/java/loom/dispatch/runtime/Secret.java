package loom.dispatch.runtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A text that does not print itself: logs, errors and metrics show {@code ***}. It is immutable.
 *
 * <p>The comparisons take a time that depends on the lengths of the two texts only.
 */
public final class Secret {
    /** The empty text, for example where no password is set. */
    public static final Secret EMPTY = new Secret("");

    private final String value;

    /** Wraps a text, which may be empty. The constructor does not change the text. */
    public Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** Returns whether the text is empty. */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    /** Returns the text itself. Pass it only to the protocol that needs it. */
    public String reveal() {
        return value;
    }

    /** Compares the text's UTF-8 form with bytes that a client sent. */
    public boolean matches(byte[] utf8) {
        return MessageDigest.isEqual(value.getBytes(StandardCharsets.UTF_8), utf8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    /** UTF-8 would map all unpaired surrogates to one byte, so the chars are compared. */
    private byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(value.length() * Character.BYTES);
        bytes.asCharBuffer().put(value);
        return bytes.array();
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
