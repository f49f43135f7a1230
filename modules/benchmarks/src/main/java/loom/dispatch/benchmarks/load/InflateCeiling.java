package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.discord.CompressedTraffic;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Measures the lower bound of the work: inflating the recording and reading each byte, on one
 * thread.
 */
final class InflateCeiling {
    private static final int ROUNDS = 7;

    private InflateCeiling() {}

    /** Returns the lowest of several rounds, in microseconds per event. */
    static double microseconds(CompressedTraffic traffic) {
        byte[] out = new byte[4 << 20];
        double best = Double.MAX_VALUE;
        long quotes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Inflater inflater = new Inflater(true);
            long start = System.nanoTime();
            try {
                for (byte[] frame : traffic.frames()) {
                    int header = frame[1] < 126 ? 2 : frame[1] == 126 ? 4 : 10;
                    inflater.setInput(frame, header, frame.length - header);
                    int length = inflater.inflate(out);
                    for (int i = 0; i < length; i++) {
                        quotes += out[i] == '"' ? 1 : 0;
                    }
                }
            } catch (DataFormatException e) {
                throw new IllegalStateException("the tape is no zlib stream", e);
            } finally {
                inflater.end();
            }
            best = Math.min(best, (System.nanoTime() - start) / 1e3 / traffic.length());
        }
        if (quotes == 0) {
            throw new IllegalStateException("the recording has no events");
        }
        return best;
    }
}
