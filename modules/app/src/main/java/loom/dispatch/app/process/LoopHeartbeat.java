package loom.dispatch.app.process;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The sign of life of a loop that comes round every few seconds, whatever its peers do: the loop
 * beats, any thread may look.
 */
public final class LoopHeartbeat {
    private final String loop;
    private final LongSupplier nanoTime;
    private volatile long beatNanos;

    /**
     * Made when its loop is about to start.
     *
     * @param loop its name, for operators
     */
    public LoopHeartbeat(String loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        beat();
    }

    public String loop() {
        return loop;
    }

    /** The loop has come round. */
    public void beat() {
        beatNanos = nanoTime.getAsLong();
    }

    /** Whether the loop has not come round for longer than this. */
    public boolean silent(Duration longerThan) {
        return nanoTime.getAsLong() - beatNanos > longerThan.toNanos();
    }
}
