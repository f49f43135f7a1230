package loom.dispatch.benchmarks.discord;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;

/**
 * A loop of WebSocket messages of one zlib stream, compressed once and sent again and again: only
 * the digits of {@code s} are written anew each time, so that sending costs no more than a copy.
 *
 * <p>How that can be a valid stream: the sequence has always ten digits, and they are a stored
 * block between compressed ones. The compressor saw zeros in their place, which occur nowhere else,
 * so nothing refers to them. Every {@link #SEGMENT} messages it starts anew; between two segments
 * other messages, compressed on their own, may be sent.
 *
 * @param frames the messages as WebSocket frames
 * @param digits where in each frame the ten digits are
 * @param plainBytes what the messages come to when inflated
 * @param bodyBytes what the published bodies come to
 */
public record CompressedTraffic(byte[][] frames, int[] digits, long plainBytes, long bodyBytes) {
    /** 256 messages are some 256 KB of text: eight times what zlib looks back. */
    public static final int SEGMENT = 256;

    /** The first sequence with ten digits; Discord's are 32-bit. */
    public static final int FIRST_SEQUENCE = 1_000_000_000;

    private static final int DIGITS = 10;
    private static final int BINARY = 0x82;

    /** As Discord compresses, more or less. */
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

    /** A message of its own, which refers to nothing before it. */
    static byte[] single(String text, boolean first) {
        Deflater deflater = new Deflater(LEVEL, !first);
        byte[] frame = frame(deflated(deflater, text.getBytes(StandardCharsets.UTF_8)));
        deflater.end();
        return frame;
    }

    public int length() {
        return frames.length;
    }

    /** Inflated bytes for each byte sent. */
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

    /** Copies a message to a buffer with its sequence; answers where it ends. */
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
