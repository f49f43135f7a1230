package loom.dispatch.demo.scene;

import loom.dispatch.demo.view.LedgerTotals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What surrounds the image: simulated, or real. Used by the main thread only. */
public sealed interface DemoSurroundings extends AutoCloseable
        permits SimulatedSurroundings, RealSurroundings {
    /** The whole environment of the image. */
    Map<String, String> environment();

    /** The directory in which the image runs. */
    Path directory();

    /** One line for the head of the view. */
    String title();

    /** Where the image serves HTTP. */
    String httpAddress();

    /** What a person can look at or do meanwhile: a label and a line each. */
    List<Hint> hints(long imagePid);

    /** A label and what stands behind it. */
    record Hint(String label, String text) {}

    /** Keeps what it shows of the outside up to date, now that the image runs. */
    void tick() throws IOException;

    /** What the ledger says; nothing but the number received where there is none. */
    LedgerTotals tally();

    /** Whether {@link #tally} knows what was dispatched. */
    boolean hasLedger();

    /** The states of the shards by number, as far as known. */
    List<String> shardStates();

    /** The event that arrived last. */
    String latestEvent();

    /** No new events from now on. */
    void quiet();

    /** Whether all that was dispatched has arrived. */
    boolean drained();

    /** How long to wait for that. */
    Duration drainPatience();

    @Override
    void close();
}
