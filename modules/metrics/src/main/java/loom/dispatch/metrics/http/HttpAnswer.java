package loom.dispatch.metrics.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The response to one request. {@link HttpAnswerWriter} compresses it and omits the body for HEAD.
 *
 * @param status the HTTP status code
 * @param headers the headers that are specific to this response
 * @param body the uncompressed body; an empty array means no body
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

    /** Names the Basic scheme, because browsers prompt for a password only then. */
    static HttpAnswer unauthorized() {
        return new HttpAnswer(
                401,
                Map.of("WWW-Authenticate", "Basic realm=\"loom-dispatch\", charset=\"UTF-8\""),
                new byte[0]);
    }
}
