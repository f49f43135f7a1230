package loom.dispatch.metrics.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What is answered to one request, before it is cut for HEAD or compressed.
 *
 * @param status the HTTP status
 * @param headers beyond what every answer has
 * @param body empty for none
 */
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    static final String JSON = "application/json";

    public static HttpAnswer empty(int status) {
        return new HttpAnswer(status, Map.of(), new byte[0]);
    }

    static HttpAnswer of(int status, String type, String text) {
        return of(status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    static HttpAnswer of(int status, String type, byte[] body) {
        return new HttpAnswer(status, Map.of("Content-Type", type), body);
    }

    static HttpAnswer notAllowed() {
        return new HttpAnswer(405, Map.of("Allow", "GET, HEAD"), new byte[0]);
    }

    /** A browser asks its user for a password, a scraper sends its token. */
    static HttpAnswer unauthorized() {
        return new HttpAnswer(
                401,
                Map.of("WWW-Authenticate", "Basic realm=\"loom-dispatch\", charset=\"UTF-8\""),
                new byte[0]);
    }
}
