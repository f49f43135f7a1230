package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.cache.stores.SessionRecord;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Tests that the locale of the machine does not change the digits of stored values. */
@DefaultLocale("ar-EG")
final class LocaleTest {
    @BeforeEach
    void requireArabicDigits() {
        assertEquals("\u0663", "%d".formatted(3), "this JDK has no Arabic digits");
    }

    private static void assertText(String expected, byte[] bytes) {
        assertEquals(expected, new String(bytes, StandardCharsets.UTF_8));
    }

    @Test
    void checkpointHasAsciiDigits() {
        var session = new SessionStore.StoredSession(3, "s", Optional.empty(), 17);
        assertText(
                "{\"session_id\":\"s\",\"resume_gateway_url\":null,\"sequence\":17,\"shards_total\":4}",
                new SessionRecord(session, 4).toJson());
    }
}
