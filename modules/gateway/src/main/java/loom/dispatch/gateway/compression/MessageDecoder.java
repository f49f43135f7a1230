package loom.dispatch.gateway.compression;

import loom.dispatch.gateway.Compression;
import loom.dispatch.gateway.protocol.MalformedFrameException;

/**
 * Decodes the parts of WebSocket messages to gateway messages.
 *
 * <p>Each connection has its own decoder, because neither the decompressor's context nor half a
 * message may pass to the next connection. Owner: the shard's thread.
 */
public sealed interface MessageDecoder
        permits PlainTextDecoder, ZlibStreamDecoder, ZstdStreamDecoder {
    /** Creates a decoder for one connection. */
    static MessageDecoder of(Compression compression) {
        return switch (compression) {
            case NONE -> new PlainTextDecoder();
            case ZLIB_STREAM -> new ZlibStreamDecoder();
            case ZSTD_STREAM -> new ZstdStreamDecoder();
        };
    }

    /**
     * Decodes the next part.
     *
     * @param last whether the part ends its WebSocket message
     * @return whether {@link #message} now holds a whole gateway message
     * @throws MalformedFrameException if the part cannot be decoded; the decoder is of no further
     *     use
     */
    boolean feed(byte[] part, boolean last) throws MalformedFrameException;

    /** Returns the buffer with the whole message. The caller reads it and then clears it. */
    MessageBuffer message();

    /** Releases native memory. */
    void close();
}
