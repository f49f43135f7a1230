package loom.dispatch.gateway;

/**
 * Turns the parts of WebSocket messages into gateway messages. One for each connection: a
 * decompressor's context, and half a message, must never outlive it. Owner: the shard's thread.
 */
sealed interface FrameDecoder permits PlainText, ZlibStream, ZstdStream {
    /** A decoder for one connection. */
    static FrameDecoder of(Compression compression) {
        return switch (compression) {
            case NONE -> new PlainText();
            case ZLIB_STREAM -> new ZlibStream();
            case ZSTD_STREAM -> new ZstdStream();
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
    OutputBuffer message();

    /** Gives native memory back. */
    void close();
}
