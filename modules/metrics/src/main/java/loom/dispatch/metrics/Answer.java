package loom.dispatch.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What is answered to one request, before it is cut for HEAD or compressed.
 *
 * @param status the HTTP status
 * @param headers beyond what every answer has
 * @param body empty for none
 */
record Answer(int status, Map<String, String> headers, byte[] body) {
    static final String JSON = "application/json";

    static Answer empty(int status) {
        return new Answer(status, Map.of(), new byte[0]);
    }

    static Answer of(int status, String type, String text) {
        return of(status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    static Answer of(int status, String type, byte[] body) {
        return new Answer(status, Map.of("Content-Type", type), body);
    }

    static Answer notAllowed() {
        return new Answer(405, Map.of("Allow", "GET, HEAD"), new byte[0]);
    }

    /** A browser asks its user for a password, a scraper sends its token. */
    static Answer unauthorized() {
        return new Answer(
                401,
                Map.of("WWW-Authenticate", "Basic realm=\"loom-dispatch\", charset=\"UTF-8\""),
                new byte[0]);
    }
}
