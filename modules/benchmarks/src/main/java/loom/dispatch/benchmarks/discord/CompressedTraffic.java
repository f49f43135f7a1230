package loom.dispatch.benchmarks.discord;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;

/**
 * A repeatable loop of WebSocket messages in one zlib stream. The messages are compressed once.
 * Only the digits of {@code s} are replaced at each send, so that sending costs no more than a
 * copy.
 *
 * <p>Why the stream stays valid:
 *
 * <ul>
 *   <li>The sequence always has ten digits, which form a stored block between compressed ones.
 *   <li>The compressor saw zeros in their place, which occur nowhere else, so no back reference
 *       points to them.
 *   <li>The compressor restarts every {@link #SEGMENT} messages. Between two segments, separately
 *       compressed messages may be sent.
 * </ul>
 *
 * @param frames the messages as WebSocket frames
 * @param digits the offset of the ten digits in each frame
 * @param plainBytes total size of the inflated messages
 * @param bodyBytes total size of the published bodies
 */
public record CompressedTraffic(byte[][] frames, int[] digits, long plainBytes, long bodyBytes) {
    /** 256 messages are about 256 KB of text, eight times zlib's window. */
    public static final int SEGMENT = 256;

    /** The first sequence with ten digits. Discord's sequences are 32-bit. */
    public static final int FIRST_SEQUENCE = 1_000_000_000;

    private static final int DIGITS = 10;
    private static final int BINARY = 0x82;

    /** About the level that Discord uses. */
    private static final int LEVEL = 6;

    public static CompressedTraffic of(List<RecordedTraffic.Event> events) {
        int whole = Math.max(SEGMENT, events.size() / SEGMENT * SEGMENT);
        byte[][] frames = new byte[whole][];
        int[] digits = new int[whole];
        long plain = 0;
        long bodies = 0;
        Deflater deflater = new Deflater(LEVEL, true);
        for (int i = 0; i < whole; i++) {
            if (i % SEGMENT == 0) {
                deflater.reset();
            }
            RecordedTraffic.Event event = events.get(i % events.size());
            byte[] head = ascii("{\"t\":\"" + event.type() + "\",\"s\":");
            byte[] behind = ascii(",\"op\":0,\"d\":");
            byte[] before = deflated(deflater, head);
            deflated(deflater, new byte[DIGITS]);
            byte[] rest = deflated(deflater, concat(behind, event.data(), ascii("}")));
            frames[i] = frame(concat(before, storedBlock(DIGITS), new byte[DIGITS], rest));
            digits[i] = frames[i].length - rest.length - DIGITS;
            plain += head.length + DIGITS + behind.length + event.data().length + 1;
            bodies += "{'op':0,'t':'','d':}".length() + event.type().length() + event.data().length;
        }
        deflater.end();
        return new CompressedTraffic(frames, digits, plain, bodies);
    }

    /** Returns a separately compressed message without back references. */
    static byte[] single(String text, boolean first) {
        Deflater deflater = new Deflater(LEVEL, !first);
        byte[] frame = frame(deflated(deflater, text.getBytes(StandardCharsets.UTF_8)));
        deflater.end();
        return frame;
    }

    public int length() {
        return frames.length;
    }

    /** Returns the inflated bytes per sent byte. */
    public double ratio() {
        long sent = 0;
        for (byte[] frame : frames) {
            sent += frame.length;
        }
        return (double) plainBytes / sent;
    }

    public int meanBodyBytes() {
        return (int) (bodyBytes / length());
    }

    /** Copies a message with its sequence into a buffer. Returns the end offset. */
    int copy(int message, int sequence, byte[] to, int at) {
        byte[] frame = frames[message];
        System.arraycopy(frame, 0, to, at, frame.length);
        int rest = sequence;
        for (int i = at + digits[message] + DIGITS - 1; rest > 0; i--) {
            to[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + frame.length;
    }

    private static byte[] storedBlock(int length) {
        return new byte[] {
            0, (byte) length, (byte) (length >> 8), (byte) ~length, (byte) (~length >> 8)
        };
    }

    private static byte[] deflated(Deflater deflater, byte[] plain) {
        deflater.setInput(plain);
        var out = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            out.write(buffer, 0, count);
        } while (count == buffer.length);
        return out.toByteArray();
    }

    private static byte[] frame(byte[] message) {
        int length = message.length;
        byte[] header;
        if (length < 126) {
            header = new byte[] {(byte) BINARY, (byte) length};
        } else if (length < 1 << 16) {
            header = new byte[] {(byte) BINARY, 126, (byte) (length >> 8), (byte) length};
        } else {
            header = new byte[10];
            header[0] = (byte) BINARY;
            header[1] = 127;
            for (int i = 0; i < 8; i++) {
                header[2 + i] = (byte) ((long) length >> 56 - 8 * i);
            }
        }
        return concat(header, message);
    }

    private static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
