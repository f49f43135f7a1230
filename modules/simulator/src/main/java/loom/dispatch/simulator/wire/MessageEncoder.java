package loom.dispatch.simulator.wire;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Encodes gateway messages as WebSocket messages (protocol section 2). One per connection, used by
 * its writer thread. {@link #close} frees native memory.
 */
public sealed interface MessageEncoder extends AutoCloseable
        permits MessageEncoder.Plain,
                MessageEncoder.Payload,
                MessageEncoder.ZlibStream,
                ZstdMessageEncoder {
    /** Writes one message, given in parts, without a flush. */
    void write(WebSocketFrameWriter out, byte[]... parts) throws IOException;

    @Override
    default void close() {}

    /** Text frames. */
    record Plain() implements MessageEncoder {
        @Override
        public void write(WebSocketFrameWriter out, byte[]... parts) throws IOException {
            out.text(parts);
        }
    }

    /**
     * One zlib document per message, text for small messages: IDENTIFY's {@code compress} (section
     * 2.3).
     */
    record Payload() implements MessageEncoder {
        /** Below this size, a separate zlib document is hardly smaller than the text. */
        private static final int LEAST_BYTES = 256;

        @Override
        public void write(WebSocketFrameWriter out, byte[]... parts) throws IOException {
            int length = 0;
            for (byte[] part : parts) {
                length += part.length;
            }
            if (length < LEAST_BYTES) {
                out.text(parts);
                return;
            }
            Deflater deflater = new Deflater();
            Output output = new Output();
            for (byte[] part : parts) {
                deflater.setInput(part);
                output.drain(deflater, Deflater.NO_FLUSH);
            }
            deflater.finish();
            output.drain(deflater, Deflater.NO_FLUSH);
            deflater.end();
            output.send(out);
        }
    }

    /** One zlib stream for the connection, with a sync flush after each message (section 2.1). */
    final class ZlibStream implements MessageEncoder {
        private final Deflater deflater;
        private final Output output = new Output();

        public ZlibStream() {
            deflater = new Deflater(Deflater.BEST_SPEED);
        }

        @Override
        public void write(WebSocketFrameWriter out, byte[]... parts) throws IOException {
            for (int i = 0; i < parts.length; i++) {
                deflater.setInput(parts[i]);
                boolean last = i == parts.length - 1;
                output.drain(deflater, last ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
            }
            output.stream(out);
        }

        @Override
        public void close() {
            deflater.end();
        }
    }

    /** The compressed bytes of the current message. */
    final class Output {
        private static final int KEPT = 1 << 16;

        private byte[] buffer = new byte[4_096];
        private int length;

        void drain(Deflater deflater, int flush) {
            while (true) {
                int room = buffer.length - length;
                int written = deflater.deflate(buffer, length, room, flush);
                length += written;
                if (written < room) {
                    return;
                }
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
        }

        /** Sends the bytes as one message. */
        void send(WebSocketFrameWriter out) throws IOException {
            out.frame(WebSocketFrameWriter.BINARY, buffer, 0, length);
            clear();
        }

        /** Sends the bytes as the next part of the connection's stream. */
        void stream(WebSocketFrameWriter out) throws IOException {
            out.stream(buffer, length);
            clear();
        }

        private void clear() {
            length = 0;
            if (buffer.length > KEPT) {
                buffer = new byte[KEPT];
            }
        }
    }
}
