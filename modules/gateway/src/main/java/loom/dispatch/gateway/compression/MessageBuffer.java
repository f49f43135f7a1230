package loom.dispatch.gateway.compression;

import loom.dispatch.gateway.protocol.MalformedFrameException;

import java.util.Arrays;

/**
 * Holds one decoded gateway message and grows with it. Owner: the shard's thread.
 *
 * <p>A large guild must not occupy memory for ever. If the buffer is larger than {@link
 * #KEPT_BYTES}, it shrinks after its message.
 */
public final class MessageBuffer {
    /** The size up to which the buffer is kept. Few messages after the start are larger. */
    static final int KEPT_BYTES = 256 * 1024;

    /**
     * The size limit of a message: twice the largest message on record for any account. A larger
     * message is corrupt.
     */
    static final int MOST_BYTES = 128 * 1024 * 1024;

    private static final int FIRST_BYTES = 8 * 1024;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int length;

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    int room() {
        return bytes.length - length;
    }

    void advance(int count) {
        length += count;
    }

    /** Ensures room for at least this many more bytes. */
    void require(int more) throws MalformedFrameException {
        if (more <= room()) {
            return;
        }
        long wanted = (long) length + more;
        if (wanted > MOST_BYTES) {
            throw new MalformedFrameException("a message exceeds " + MOST_BYTES + " bytes");
        }
        bytes =
                Arrays.copyOf(
                        bytes, (int) Math.min(MOST_BYTES, Math.max(wanted, 2L * bytes.length)));
    }

    /** Removes the message. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
    }
}
