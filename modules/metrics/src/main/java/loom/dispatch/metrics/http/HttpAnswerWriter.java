package loom.dispatch.metrics.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Sends a response: compresses it if the client accepts gzip, and omits the body for HEAD. */
public final class HttpAnswerWriter {
    /** A smaller body fits into one Ethernet frame, so that compression saves no packet. */
    private static final int MIN_COMPRESSED_BYTES = 1400;

    private HttpAnswerWriter() {}

    public static void send(HttpExchange exchange, HttpAnswer answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        answer.headers().forEach(headers::set);
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        byte[] body = answer.body();
        if (body.length >= MIN_COMPRESSED_BYTES) {
            headers.set("Vary", "Accept-Encoding");
            if (acceptsGzip(exchange.getRequestHeaders())) {
                headers.set("Content-Encoding", "gzip");
                body = compressed(body);
            }
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static boolean acceptsGzip(Headers request) {
        return request.getOrDefault("Accept-Encoding", java.util.List.of()).stream()
                .flatMap(line -> Stream.of(line.toLowerCase(Locale.ROOT).split(",")))
                .map(coding -> coding.replace(" ", ""))
                .anyMatch(coding -> coding.matches("gzip(;q=(1|1\\.0{1,3}|0?\\.\\d*[1-9]\\d*))?"));
    }

    private static byte[] compressed(byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream(body.length / 4);
        try (var gzip = new GZIPOutputStream(bytes, 8192)) {
            gzip.write(body);
        }
        return bytes.toByteArray();
    }
}
