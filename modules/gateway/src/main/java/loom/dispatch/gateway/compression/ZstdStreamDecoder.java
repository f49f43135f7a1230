package loom.dispatch.gateway.compression;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;

import loom.dispatch.gateway.protocol.MalformedFrameException;

import java.nio.ByteBuffer;

/**
 * Decodes the {@code zstd-stream} transport compression: one zstd stream per connection; each
 * WebSocket message is one gateway message and ends at a block (protocol section 2.2).
 *
 * <p>The context holds native memory: the sender's window and about 128 KiB. Discord announces a
 * window of 256 KiB, which makes 0.4 MiB per shard. {@link #WINDOW_LOG} bounds the window.
 */
final class ZstdStreamDecoder implements MessageDecoder {
    /** 8 MiB, the window that every decoder should support (RFC 8878). Discord announces 2^18. */
    private static final int WINDOW_LOG = 23;

    /** The typical ratio for Discord's JSON is five to ten. */
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

    /** Decompresses into the free room. Returns whether more output may follow. */
    private boolean decompress(ByteBuffer source) throws MalformedFrameException {
        ByteBuffer target = ByteBuffer.wrap(output.bytes(), output.length(), output.room());
        int start = target.position();
        try {
            context.decompressByteBufferStream(target, source);
        } catch (ZstdException e) {
            throw new MalformedFrameException("the zstd stream is corrupt: " + e.getMessage());
        }
        output.advance(target.position() - start);
        // if the target is full, the context may hold more output
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
