package loom.dispatch.simulator.wire;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Encodes a connection as one zstd stream and flushes it after each message (protocol section 2.2).
 * Used by the connection's writer thread. {@link #close} frees about 1 MB of native memory.
 */
public final class ZstdMessageEncoder implements MessageEncoder {
    private static final int KEPT = 1 << 16;

    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private ByteBuffer source = ByteBuffer.allocateDirect(KEPT);
    private ByteBuffer target = ByteBuffer.allocateDirect(KEPT);

    public ZstdMessageEncoder() {
        // Discord's streams announce a window of 2^18.
        context.setLevel(1).setWindowLog(18).setContentSize(false).setChecksum(false);
    }

    @Override
    public void write(WebSocketFrameWriter out, byte[]... parts) throws IOException {
        int length = 0;
        for (byte[] part : parts) {
            length = Math.addExact(length, part.length);
        }
        source = room(source, length);
        source.clear();
        for (byte[] part : parts) {
            source.put(part);
        }
        source.flip();
        // The worst case of incompressible input: a few bytes per block of 128 KiB.
        target = room(target, length + (length >> 8) + 1_024);
        target.clear();
        while (!context.compressDirectByteBufferStream(target, source, EndDirective.FLUSH)) {
            if (!target.hasRemaining()) {
                throw new IllegalStateException("compressed data is larger than its bound");
            }
        }
        byte[] compressed = new byte[target.flip().remaining()];
        target.get(compressed);
        out.frame(WebSocketFrameWriter.BINARY, compressed, 0, compressed.length);
        shrink();
    }

    private static ByteBuffer room(ByteBuffer buffer, int needed) {
        return buffer.capacity() >= needed ? buffer : ByteBuffer.allocateDirect(needed);
    }

    private void shrink() {
        if (source.capacity() > 16 * KEPT) {
            source = ByteBuffer.allocateDirect(KEPT);
            target = ByteBuffer.allocateDirect(KEPT);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
