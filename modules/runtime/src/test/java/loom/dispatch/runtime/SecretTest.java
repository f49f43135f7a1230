package loom.dispatch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

/** A secret gives its text to those that ask for it, and to nothing else. */
final class SecretTest {
    @Test
    void printsNothingOfItself() {
        assertEquals("***", new Secret("hunter2").toString());
        assertEquals("***", Secret.EMPTY.toString());
        assertEquals("hunter2", new Secret("hunter2").reveal());
    }

    @Test
    void isEqualByItsText() {
        assertEquals(new Secret("a"), new Secret("a"));
        assertEquals(new Secret("a").hashCode(), new Secret("a").hashCode());
        assertNotEquals(new Secret("a"), new Secret("b"));
        assertNotEquals(new Secret("a"), new Secret("aa"));
        assertNotEquals(new Secret("\ud800"), new Secret("\ud801"), "no UTF-8 form, yet distinct");
    }

    @Test
    void mayBeEmptyButNotNull() {
        assertTrue(new Secret("").isEmpty());
        assertEquals(Secret.EMPTY, new Secret(""));
        assertFalse(new Secret(" ").isEmpty());
        assertThrows(NullPointerException.class, () -> new Secret(null));
    }

    @Test
    void matchesItsUtf8Form() {
        assertTrue(new Secret("é😀").matches("é😀".getBytes(StandardCharsets.UTF_8)));
        assertFalse(new Secret("é").matches("e".getBytes(StandardCharsets.UTF_8)));
    }
}
