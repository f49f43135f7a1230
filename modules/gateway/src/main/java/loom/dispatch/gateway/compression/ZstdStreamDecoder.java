package loom.dispatch.gateway.compression;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import loom.dispatch.gateway.protocol.MalformedFrameException;

import java.nio.ByteBuffer;

/**
 * The {@code zstd-stream} transport compression: one zstd stream for the whole connection, each
 * WebSocket message a gateway message that ends at a block (protocol section 2.2).
 *
 * <p>Its context holds native memory, the sender's window and some 128 KiB: with the 256 KiB that
 * Discord's streams announce 0.4 MiB for each shard, and never more than {@link #WINDOW_LOG}
 * allows.
 */
final class ZstdStreamDecoder implements MessageDecoder {
    /** 8 MiB, the most that a decoder must support by RFC 8878; Discord announces 2^18. */
    private static final int WINDOW_LOG = 23;

    /** Typical ratio of Discord's JSON: five to ten. */
    private static final int RATIO = 8;

    private static final int LEAST_ROOM = 1024;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx().setLongMax(WINDOW_LOG);
    private final MessageBuffer output = new MessageBuffer();

    @Override
    public boolean feed(byte[] part, boolean last) throws MalformedFrameException {
        ByteBuffer source = ByteBuffer.wrap(part);
        boolean more = source.hasRemaining();
        while (more) {
            if (output.room() == 0) {
                output.require(Math.max(LEAST_ROOM, source.remaining() * RATIO));
            }
            more = decompress(source);
        }
        return last;
    }

    /** Fills the room there is; whether there may be more to come out of it. */
    private boolean decompress(ByteBuffer source) throws MalformedFrameException {
        ByteBuffer target = ByteBuffer.wrap(output.bytes(), output.length(), output.room());
        int start = target.position();
        try {
            context.decompressByteBufferStream(target, source);
        } catch (ZstdException e) {
            throw new MalformedFrameException("the zstd stream is corrupt: " + e.getMessage());
        }
        output.advance(target.position() - start);
        // a full target may hide what the context still holds
        return source.hasRemaining() || !target.hasRemaining();
    }

    @Override
    public MessageBuffer message() {
        return output;
    }

    @Override
    public void close() {
        context.close();
    }
}
