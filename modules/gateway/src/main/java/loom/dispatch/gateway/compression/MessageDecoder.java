package loom.dispatch.gateway.compression;

import loom.dispatch.gateway.Compression;
import loom.dispatch.gateway.protocol.MalformedFrameException;

/**
 * Turns the parts of WebSocket messages into gateway messages. One for each connection: a
 * decompressor's context, and half a message, must never outlive it. Owner: the shard's thread.
 */
public sealed interface MessageDecoder
        permits PlainTextDecoder, ZlibStreamDecoder, ZstdStreamDecoder {
    /** A decoder for one connection. */
    static MessageDecoder of(Compression compression) {
        return switch (compression) {
            case NONE -> new PlainTextDecoder();
            case ZLIB_STREAM -> new ZlibStreamDecoder();
            case ZSTD_STREAM -> new ZstdStreamDecoder();
        };
    }

    /**
     * Takes the next part.
     *
     * @param last whether it ends its WebSocket message
     * @return whether {@link #message} now holds a whole gateway message
     * @throws MalformedFrameException if the context is lost
     */
    boolean feed(byte[] part, boolean last) throws MalformedFrameException;

    /** The buffer with the whole message, to be read and then cleared. */
    MessageBuffer message();

    /** Gives native memory back. */
    void close();
}
