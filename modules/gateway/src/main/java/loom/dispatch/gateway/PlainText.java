package loom.dispatch.gateway;

/** Uncompressed messages, for debugging. */
final class PlainText implements FrameDecoder {
    private final OutputBuffer output = new OutputBuffer();

    @Override
    public boolean feed(byte[] part, boolean last) throws MalformedFrameException {
        output.require(part.length);
        System.arraycopy(part, 0, output.bytes(), output.length(), part.length);
        output.advance(part.length);
        return last;
    }

    @Override
    public OutputBuffer message() {
        return output;
    }

    @Override
    public void close() {}
}
