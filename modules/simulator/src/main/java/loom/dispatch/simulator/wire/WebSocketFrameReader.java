package loom.dispatch.simulator.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads a client's WebSocket frames (RFC 6455) and joins fragments. Used by the connection's reader
 * thread. It blocks until a message is complete; an {@code IOException} ends the connection.
 */
public final class WebSocketFrameReader {
    /** A message from the client. */
    public sealed interface Message {
        /** A text or binary message: some clients send JSON in binary frames. */
        record Content(byte[] bytes) implements Message {}

        record Ping(byte[] bytes) implements Message {}

        record Pong() implements Message {}

        /** A close frame; {@code code} is 1005 if the frame had none. */
        record Close(int code, String reason) implements Message {}
    }

    /**
     * The largest message read. Discord answers more than 4,096 bytes with a close code, so the
     * reader accepts longer messages. This bound only protects the memory.
     */
    private static final int MAX_MESSAGE = 1 << 20;

    private static final int CONTINUATION = 0;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private final DataInputStream in;

    /** The fragments of the current message. Control frames may come between them (section 5.4). */
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    public WebSocketFrameReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    public Message next() throws IOException {
        while (true) {
            int first = in.readUnsignedByte();
            int opcode = first & 15;
            byte[] payload = payload();
            switch (opcode) {
                case CLOSE -> {
                    return close(payload);
                }
                case PING -> {
                    return new Message.Ping(payload);
                }
                case PONG -> {
                    return new Message.Pong();
                }
                case CONTINUATION, 1, 2 -> parts.write(payload);
                default -> throw new IOException("unknown frame opcode " + opcode);
            }
            if (parts.size() > MAX_MESSAGE) {
                throw new IOException("message too long");
            }
            if ((first & 0x80) != 0) {
                byte[] whole = parts.toByteArray();
                parts.reset();
                return new Message.Content(whole);
            }
        }
    }

    private byte[] payload() throws IOException {
        int second = in.readUnsignedByte();
        if ((second & 0x80) == 0) {
            throw new IOException("client frames must be masked");
        }
        long length = second & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        if (length < 0 || length > MAX_MESSAGE) {
            throw new IOException("frame too long");
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = new byte[(int) length];
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return payload;
    }

    private static Message.Close close(byte[] payload) {
        if (payload.length < 2) {
            return new Message.Close(1005, "");
        }
        int code = (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        return new Message.Close(
                code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }
}
