package loom.dispatch.gateway;

/**
 * Turns the parts of WebSocket messages into gateway messages. One for each connection: a
 * decompressor's context, and half a message, must never outlive it. Owner: the shard's thread.
 */
sealed interface FrameDecoder permits PlainText, ZlibStream, ZstdStream {
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
