package loom.dispatch.simulator.wire;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a server's WebSocket frames (RFC 6455). Used by the connection's writer thread. It blocks
 * while the client does not read.
 */
public final class WebSocketFrameWriter {
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    static final int CLOSE = 8;
    public static final int PONG = 10;

    /** RFC 6455 section 7.4.1: the code for a close frame without a code. */
    static final int NO_CODE = 1005;

    private static final int FINAL = 0x80;

    /** RFC 6455 section 5.5: control frames hold at most 125 bytes, 2 of them the code. */
    private static final int MAX_REASON = 123;

    /** A reserved block type of zlib and of zstd. No JSON text starts with it. */
    private static final int DAMAGE = 6;

    private final OutputStream out;

    private final FaultState faults;
    private volatile boolean damaging;

    public WebSocketFrameWriter(OutputStream out, FaultState faults) {
        this.faults = faults;
        this.out = new ThrottledStream(new BufferedOutputStream(out, 65_536), faults);
    }

    /** Makes the next message undecodable for the client. Any thread may call it. */
    public void corruptNext() {
        damaging = true;
    }

    /** Writes one message, in several frames if a fault says so (RFC 6455 section 5.4). */
    public void frame(int opcode, byte[] bytes, int offset, int length) throws IOException {
        if (damaging && opcode <= BINARY && length > 0) {
            damaging = false;
            byte[] damaged = Arrays.copyOfRange(bytes, offset, offset + length);
            damaged[0] |= DAMAGE;
            pieces(opcode, damaged, 0, length);
        } else {
            pieces(opcode, bytes, offset, length);
        }
    }

    private void pieces(int opcode, byte[] bytes, int offset, int length) throws IOException {
        int size = faults.fragmentBytes == 0 || opcode > BINARY ? length : faults.fragmentBytes;
        int from = 0;
        do {
            int part = Math.min(size, length - from);
            int last = from + part >= length ? FINAL : 0;
            header(last | (from == 0 ? opcode : 0), part);
            out.write(bytes, offset + from, part);
            from += part;
        } while (from < length);
    }

    /**
     * Writes compressed bytes as one message, or as several if a fault splits them (section 2.1).
     */
    void stream(byte[] bytes, int length) throws IOException {
        int size = faults.splitBytes == 0 ? length : faults.splitBytes;
        for (int from = 0; from < length; from += size) {
            frame(BINARY, bytes, from, Math.min(size, length - from));
        }
    }

    /** Writes one text message made of {@code parts}. */
    void text(byte[]... parts) throws IOException {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        if (faults.fragmentBytes > 0 || damaging) {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(length);
            for (byte[] part : parts) {
                whole.writeBytes(part);
            }
            frame(TEXT, whole.toByteArray(), 0, length);
            return;
        }
        header(FINAL | TEXT, length);
        for (byte[] part : parts) {
            out.write(part);
        }
    }

    public void close(int code, String reason) throws IOException {
        if (code == NO_CODE) {
            header(FINAL | CLOSE, 0);
            out.flush();
            return;
        }
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        text = Arrays.copyOf(text, Math.min(text.length, MAX_REASON));
        header(FINAL | CLOSE, 2 + text.length);
        out.write(code >> 8);
        out.write(code);
        out.write(text);
        out.flush();
    }

    public void flush() throws IOException {
        out.flush();
    }

    private void header(int first, int length) throws IOException {
        out.write(first);
        if (length < 126) {
            out.write(length);
        } else if (length < 65_536) {
            out.write(126);
            out.write(length >> 8);
            out.write(length);
        } else {
            out.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) length >> shift));
            }
        }
    }
}
