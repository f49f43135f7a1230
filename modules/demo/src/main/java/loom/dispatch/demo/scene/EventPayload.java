package loom.dispatch.demo.scene;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Extracts the bytes of {@code d} from a published body, <code>{"op":0,"t":…,"d":…}</code>. */
public final class EventPayload {
    private EventPayload() {}

    /** Returns the bytes of {@code d}; empty if the body has another shape. */
    public static byte[] of(String type, byte[] body) {
        byte[] head = ("{\"op\":0,\"t\":\"" + type + "\",\"d\":").getBytes(StandardCharsets.UTF_8);
        int last = body.length - 1;
        boolean shaped =
                last > head.length
                        && body[last] == '}'
                        && Arrays.equals(head, 0, head.length, body, 0, head.length);
        return shaped ? Arrays.copyOfRange(body, head.length, last) : new byte[0];
    }
}
