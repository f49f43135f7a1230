package loom.dispatch.simulator.wire;

import loom.dispatch.simulator.world.Json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One HTTP/1.1 response, usually with a JSON body. */
public record HttpResponse(int status, Map<String, String> headers, byte[] body) {
    public static HttpResponse json(int status, Object tree) {
        return new HttpResponse(status, Map.of(), Json.bytes(tree));
    }

    public static HttpResponse text(int status, String body) {
        return new HttpResponse(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    public HttpResponse with(Map<String, String> more) {
        return new HttpResponse(status, more, body);
    }

    public void write(OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder();
        head.append("HTTP/1.1 ").append(status).append(" -\r\n");
        head.append("content-type: application/json\r\n");
        head.append("content-length: ").append(body.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }
}
