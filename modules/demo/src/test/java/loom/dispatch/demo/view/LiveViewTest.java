package loom.dispatch.demo.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.demo.scene.DemoSurroundings;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Tests the text of the panel and of the log line. */
final class LiveViewTest {
    private static final LedgerTotals TALLY =
            new LedgerTotals(24_012, 24_010, 2, 1, 0, 0, 1_800_000, 6_100_000, List.of());

    private static ViewSnapshot snapshot(List<String> states, boolean ledger) {
        return new ViewSnapshot(
                "simulated Discord",
                Duration.ofSeconds(72),
                "",
                ledger,
                states,
                TALLY,
                2_001,
                "▁▄█",
                2_000,
                "▁▄█",
                "MESSAGE_CREATE",
                1,
                List.of(new DemoSurroundings.Hint("metrics", "http://127.0.0.1:8005/metrics")));
    }

    @Test
    void panelShowsShardsCountsLatencyAndHints() {
        List<String> states = List.of("Connected", "Resuming", "Disconnected", "Connected");
        String panel = String.join("\n", new LiveView(false).panel(snapshot(states, true)));
        assertTrue(panel.contains("● ◐ ○ ●   2 of 4 connected"), panel);
        assertTrue(panel.contains("24,012     2,001/s   ▁▄█"), panel);
        assertTrue(panel.contains("p50 1.8 ms   p99 6.1 ms"), panel);
        assertTrue(panel.contains("out of order 0   repeated 1   killed 1 time\n"), panel);
        assertTrue(panel.contains("http://127.0.0.1:8005/metrics"), panel);
        assertTrue(panel.contains("01:12"), panel);
        assertFalse(panel.contains("\u001b"), "no colours were asked for");
    }

    @Test
    void panelFitsIntoEightyColumns() {
        var many = new LiveView(false).panel(snapshot(Collections.nCopies(256, "Connected"), true));
        assertEquals(List.of(), many.stream().filter(line -> line.length() > 80).toList());
    }

    @Test
    void omitsLossWithoutALedger() {
        String panel = String.join("\n", new LiveView(false).panel(snapshot(List.of(), false)));
        assertFalse(panel.contains("dispatched"), panel);
        assertFalse(panel.contains("order"), panel);
        assertFalse(new LiveView(false).line(snapshot(List.of(), false)).contains("order"));
    }

    @Test
    void redrawsATerminalAndPrintsALineEveryFiveSecondsToAStream() {
        var terminal = new ByteArrayOutputStream();
        var inPlace =
                new TerminalScreen(
                        new PrintStream(terminal, true, StandardCharsets.UTF_8), true, true);
        inPlace.show(snapshot(List.of("Connected"), true), 0);
        inPlace.show(snapshot(List.of("Connected"), true), 1);
        int lines = new LiveView(true).panel(snapshot(List.of("Connected"), true)).size();
        String drawn = terminal.toString(StandardCharsets.UTF_8);
        assertTrue(drawn.contains("\u001b[" + lines + "A"), "the cursor goes back up");

        var stream = new ByteArrayOutputStream();
        var log =
                new TerminalScreen(
                        new PrintStream(stream, true, StandardCharsets.UTF_8), false, false);
        for (long second = 0; second <= 10; second++) {
            log.show(snapshot(List.of("Connected"), true), second * 1_000_000_000L);
        }
        String printed = stream.toString(StandardCharsets.UTF_8);
        assertEquals(3, printed.lines().count());
        assertFalse(printed.contains("\u001b"));
    }

    @Test
    void measuresRatesOverOneSecond() {
        var rate = new RateMeter(0);
        rate.sample(400, 400_000_000L);
        assertEquals(0, rate.perSecond());
        rate.sample(3_000, 1_500_000_000L);
        assertEquals(2_000, rate.perSecond());
        rate.sample(4_000, 2_500_000_000L);
        assertEquals(1_000, rate.perSecond());
        assertEquals("█▅", rate.bars());
    }
}
