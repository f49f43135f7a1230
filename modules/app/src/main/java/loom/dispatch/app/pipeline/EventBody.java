package loom.dispatch.app.pipeline;

import loom.dispatch.gateway.DispatchEvent;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Builds the body of a published event: {@code {"op":0,"t":…,"d":…}}, with {@code old} after {@code
 * d} if there is one. It copies {@code d} and {@code old} as bytes.
 */
public final class EventBody {
    private static final byte[] HEAD = ascii("{\"op\":0,\"t\":\"");
    private static final byte[] DATA = ascii("\",\"d\":");
    private static final byte[] OLD = ascii(",\"old\":");
    private static final byte[] NULL = ascii("null");

    private EventBody() {}

    public static byte[] of(DispatchEvent event, Optional<byte[]> old) {
        byte[] type = event.type().getBytes(StandardCharsets.UTF_8);
        byte[] data = event.data().length == 0 ? NULL : event.data();
        int length = HEAD.length + type.length + DATA.length + data.length + 1;
        byte[] body = new byte[length + old.map(bytes -> OLD.length + bytes.length).orElse(0)];
        int at = append(body, 0, HEAD);
        at = append(body, at, type);
        at = append(body, at, DATA);
        at = append(body, at, data);
        if (old.isPresent()) {
            at = append(body, at, OLD);
            at = append(body, at, old.get());
        }
        body[at] = '}';
        return body;
    }

    private static int append(byte[] body, int at, byte[] part) {
        System.arraycopy(part, 0, body, at, part.length);
        return at + part.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
