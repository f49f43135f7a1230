package loom.dispatch.simulator.wire;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/**
 * Limits the output to the bytes per second of a fault, as a slow network would. Used by the
 * connection's writer thread, which it blocks.
 */
final class ThrottledStream extends FilterOutputStream {
    /** Small pieces give an even flow instead of bursts. */
    private static final int PIECE = 16_384;

    private final FaultState faults;

    ThrottledStream(OutputStream out, FaultState faults) {
        super(out);
        this.faults = faults;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int from = 0; from < length; ) {
            long perSecond = faults.bytesPerSecond;
            int piece = perSecond == 0 ? length - from : Math.min(PIECE, length - from);
            out.write(bytes, offset + from, piece);
            from += piece;
            if (perSecond > 0) {
                out.flush();
                rest(piece * 1_000_000_000L / perSecond);
            }
        }
    }

    private static void rest(long nanos) throws IOException {
        try {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while pacing");
        }
    }
}
