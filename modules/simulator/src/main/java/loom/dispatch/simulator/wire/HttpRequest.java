package loom.dispatch.simulator.wire;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP/1.1 request, read from a blocking stream (RFC 9112). It does not support chunked bodies:
 * no client of this API sends them.
 *
 * @param path without the query
 * @param headers names in lower case; the last value of a repeated header
 */
public record HttpRequest(
        String method, String path, String query, Map<String, String> headers, byte[] body) {
    /** The longest line and header block. Normal clients stay far below it. */
    private static final int MAX_LINE = 16_384;

    private static final int MAX_HEADERS = 100;

    /** The largest body that Discord accepts is 25 MiB (protocol section 8). */
    private static final int MAX_BODY = 25 << 20;

    /** Reads the next request; empty when the client closed between requests. */
    public static Optional<HttpRequest> read(BufferedInputStream in) throws IOException {
        Optional<String> first = line(in);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = first.get().split(" ");
        if (parts.length != 3) {
            throw new IOException("bad request line");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; ; i++) {
            String header = line(in).orElseThrow(EOFException::new);
            if (header.isEmpty()) {
                break;
            }
            int colon = header.indexOf(':');
            if (colon < 1 || i == MAX_HEADERS) {
                throw new IOException("bad header");
            }
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        if (length < 0 || length > MAX_BODY) {
            throw new IOException("bad content-length");
        }
        byte[] body = in.readNBytes(length);
        int mark = parts[1].indexOf('?');
        String path = mark < 0 ? parts[1] : parts[1].substring(0, mark);
        String query = mark < 0 ? "" : parts[1].substring(mark + 1);
        return Optional.of(new HttpRequest(parts[0], path, query, headers, body));
    }

    public String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }

    /** Returns the query's parameters; the last value of a repeated one. */
    public Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    private static Optional<String> line(BufferedInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                if (line.isEmpty()) {
                    return Optional.empty();
                }
                throw new EOFException();
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("line too long");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return Optional.of(line.toString());
    }
}
