package loom.dispatch.demo.scene;

import loom.dispatch.demo.view.LedgerTotals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The systems that the image connects to: simulated or real. Used by the main thread only. */
public sealed interface DemoSurroundings extends AutoCloseable
        permits SimulatedSurroundings, RealSurroundings {
    /** Returns the complete environment of the image. */
    Map<String, String> environment();

    /** Returns the working directory of the image. */
    Path directory();

    /** Returns one line for the head of the view. */
    String title();

    /** Returns the base URL of the image's HTTP server. */
    String httpAddress();

    /** Returns addresses to open and commands to try while the demo runs. */
    List<Hint> hints(long imagePid);

    /** One line of the view: a label and its text. */
    record Hint(String label, String text) {}

    /** Updates connections and event generation while the image runs. */
    void tick() throws IOException;

    /** Returns the totals of the ledger. Without a ledger only the received count is set. */
    LedgerTotals totals();

    /** Returns true if {@link #totals} knows the dispatched events. */
    boolean hasLedger();

    /** Returns the known shard states in the order of the shard ids. */
    List<String> shardStates();

    /** Returns the type of the event that arrived last. */
    String latestEvent();

    /** Stops the generation of events. */
    void stopEvents();

    /** Returns true if every dispatched event has arrived. */
    boolean drained();

    /** Returns how long to wait until every event has arrived. */
    Duration drainTimeout();

    @Override
    void close();
}
