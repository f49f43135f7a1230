package loom.dispatch.gateway.compression;

import loom.dispatch.gateway.protocol.MalformedFrameException;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes the {@code zlib-stream} transport compression: one zlib stream per connection, with a
 * sync flush after each gateway message (protocol section 2.1).
 *
 * <p>It inflates parts when they arrive. A message is whole when a WebSocket message ends and the
 * last four bytes of the stream are {@code 00 00 FF FF}, in whatever parts they came.
 */
public final class ZlibStreamDecoder implements MessageDecoder {
    private static final int SYNC_FLUSH = 0x0000FFFF;

    /** The typical ratio for Discord's JSON is five to ten. */
    private static final int RATIO = 8;

    private final Inflater inflater = new Inflater();
    private final MessageBuffer output = new MessageBuffer();
    private int tail = -1;

    @Override
    public boolean feed(byte[] part, boolean last) throws MalformedFrameException {
        for (int i = Math.max(0, part.length - 4); i < part.length; i++) {
            tail = tail << 8 | part[i] & 0xFF;
        }
        inflate(part);
        return last && tail == SYNC_FLUSH;
    }

    private void inflate(byte[] part) throws MalformedFrameException {
        inflater.setInput(part);
        try {
            while (!inflater.needsInput() || output.room() == 0) {
                if (output.room() == 0) {
                    output.require(Math.max(1024, inflater.getRemaining() * RATIO));
                }
                int count = inflater.inflate(output.bytes(), output.length(), output.room());
                output.advance(count);
                if (inflater.finished() || inflater.needsDictionary()) {
                    throw new MalformedFrameException("the zlib stream ended");
                }
                if (count == 0 && output.room() > 0) {
                    return;
                }
            }
        } catch (DataFormatException e) {
            throw new MalformedFrameException("the zlib stream is corrupt: " + e.getMessage());
        }
    }

    @Override
    public MessageBuffer message() {
        return output;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
