package loom.dispatch.gateway.compression;

import loom.dispatch.gateway.protocol.MalformedFrameException;

/** Joins the parts of uncompressed messages, for debugging. */
final class PlainTextDecoder implements MessageDecoder {
    private final MessageBuffer output = new MessageBuffer();

    @Override
    public boolean feed(byte[] part, boolean last) throws MalformedFrameException {
        output.require(part.length);
        System.arraycopy(part, 0, output.bytes(), output.length(), part.length);
        output.advance(part.length);
        return last;
    }

    @Override
    public MessageBuffer message() {
        return output;
    }

    @Override
    public void close() {}
}
