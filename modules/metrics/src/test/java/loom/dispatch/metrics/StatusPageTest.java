package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.metrics.StatusSnapshot.State;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Tests the status page in a headless Chromium. Screenshots go to {@code target/status-page}. */
final class StatusPageTest {
    private static final Path SCREENSHOTS = Path.of("target", "status-page");
    private static final String HEADLINE = "document.getElementById('headline')?.textContent";

    private static final String WHICH =
            "getComputedStyle(document.getElementById('which')).display";

    private final AtomicReference<StatusSnapshot> status =
            new AtomicReference<>(SampleSnapshots.well(16));
    private final AtomicReference<List<HealthCheck>> ready =
            new AtomicReference<>(List.of(new HealthCheck("broker", true, "")));
    private HttpEndpoint endpoint;
    private HeadlessBrowser browser;

    @BeforeEach
    void start() throws Exception {
        Path program = HeadlessBrowser.program().orElseThrow(StatusPageTest::notHere);
        endpoint = endpoint(Optional.empty());
        browser = new HeadlessBrowser(program);
    }

    private static TestAbortedException notHere() {
        String line = "NOT TESTED: the status page. No Chromium on the PATH (Debian: chromium).";
        System.err.println("\n*** " + line + " ***\n");
        return new TestAbortedException(line);
    }

    private HttpEndpoint endpoint(Optional<BearerToken> token) throws Exception {
        return HttpEndpoint.start(
                new InetSocketAddress("127.0.0.1", 0),
                new MonitoringSources(
                        new Metrics(), List::of, ready::get, Optional.of(status::get), token));
    }

    @AfterEach
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
            endpoint.close();
        }
    }

    private void open() throws Exception {
        browser.open("http://" + endpoint.address() + "/");
    }

    /** A thousand shards with some in every state. */
    private static StatusSnapshot troubled() {
        List<StatusSnapshot.Shard> shards = new ArrayList<>();
        for (int id = 0; id < 1024; id++) {
            State state =
                    switch (id % 173) {
                        case 41 -> State.DISCONNECTED;
                        case 42, 43 -> State.RESUMING;
                        case 97 -> State.IDENTIFYING;
                        default -> State.CONNECTED;
                    };
            shards.add(SampleSnapshots.shard(id, state));
        }
        return SampleSnapshots.of(shards);
    }

    @Test
    void healthyServiceShowsAllIsWell() throws Exception {
        browser.show(1180, 900, false, "light");
        open();
        browser.await("All is well", HEADLINE);
        assertEquals("true", browser.text("document.title.startsWith('16/16')"));
        assertEquals("16", browser.text("document.querySelectorAll('.shard').length"));
        browser.screenshot(SCREENSHOTS.resolve("well-light.png"));
        browser.show(1180, 900, false, "dark");
        browser.screenshot(SCREENSHOTS.resolve("well-dark.png"));
        assertEquals(List.of(), browser.consoleErrors());
    }

    /** {@code -Dpictures=write} writes the README's screenshots. */
    @Test
    void writesReadmeScreenshots() throws Exception {
        boolean write = "write".equals(System.getProperty("pictures"));
        Path pictures = write ? Path.of("..", "..", "docs", "images") : SCREENSHOTS;
        status.set(SampleSnapshots.well(48));
        for (String scheme : List.of("light", "dark")) {
            browser.show(1180, 900, false, scheme);
            open();
            browser.await("All is well", HEADLINE);
            browser.screenshot(pictures.resolve("status-" + scheme + ".png"));
        }
        assertEquals(List.of(), browser.consoleErrors());
    }

    @Test
    void showsSpoolAndReasonWhyShardsMayNotIdentify() throws Exception {
        StatusSnapshot well = SampleSnapshots.well(16);
        open();
        browser.await("Empty", "document.getElementById('tile-spool')?.textContent");
        status.set(SampleSnapshots.spooling(well));
        browser.await("Events wait on disk", HEADLINE);
        browser.await(
                "of 1.0 GB, 3 shards spooling",
                "document.getElementById('more-spool')?.textContent");
        for (int width : new int[] {1280, 360}) {
            browser.show(width, 800, false, "light");
            browser.await(
                    "true",
                    "[...document.querySelectorAll('.tile:not([hidden]) dd')]"
                            + ".every(figure => figure.scrollWidth <= figure.clientWidth)");
        }
        status.set(
                SampleSnapshots.waiting(
                        SampleSnapshots.of(List.of(SampleSnapshots.shard(0, State.DISCONNECTED))),
                        "only the reserve of IDENTIFYs is left (50 left)"));
        browser.await("1 of 1 shard not connected", HEADLINE);
        browser.await(
                "only the reserve of IDENTIFYs is left (50 left)",
                "document.getElementById('reason')?.textContent");
        assertEquals(List.of(), browser.consoleErrors());
    }

    @Test
    void cellShowsLatencyAndAgeOfLastEvent() throws Exception {
        open();
        browser.await("All is well", HEADLINE);
        assertEquals(
                "147 ms now",
                browser.text(
                        "document.getElementById('cell-1').textContent.replace(' \u00b7', '')"));
    }

    @Test
    void showsStateChangesOfThousandShards() throws Exception {
        browser.show(1180, 900, false, "light");
        status.set(SampleSnapshots.well(1024));
        open();
        browser.await("All is well", HEADLINE);
        status.set(troubled());
        browser.await("24 of 1,024 shards not connected", HEADLINE);
        assertEquals(
                "6",
                browser.text(
                        "document.querySelectorAll('.shard[data-state=Disconnected]').length"));
        assertEquals("look", browser.text("document.body.dataset.verdict"));
        browser.screenshot(SCREENSHOTS.resolve("troubled-light.png"));
        browser.show(1180, 900, false, "dark");
        browser.screenshot(SCREENSHOTS.resolve("troubled-dark.png"));
        assertEquals(List.of(), browser.consoleErrors());
    }

    @Test
    void showsShardRangeAndUnhealthyShards() throws Exception {
        open();
        browser.await("All is well", HEADLINE);
        assertEquals("", browser.text("document.getElementById('range').textContent"));
        assertEquals("none", browser.text(WHICH));
        List<StatusSnapshot.Shard> shards =
                List.of(
                        SampleSnapshots.shard(16, State.CONNECTED),
                        SampleSnapshots.shard(17, State.DISCONNECTED));
        status.set(SampleSnapshots.part(SampleSnapshots.of(shards), 1024));
        browser.await("1 of 2 shards not connected", HEADLINE);
        assertEquals(
                " 16 to 17 of 1,024", browser.text("document.getElementById('range').textContent"));
        assertEquals("block", browser.text(WHICH));
        assertEquals(List.of(), browser.consoleErrors());
    }

    @Test
    void phoneNeedsNoHorizontalScrolling() throws Exception {
        browser.show(390, 844, true, "dark");
        status.set(troubled());
        open();
        browser.await("24 of 1,024 shards not connected", HEADLINE);
        assertEquals(
                "true", browser.text("document.documentElement.scrollWidth <= window.innerWidth"));
        browser.screenshot(SCREENSHOTS.resolve("phone-dark.png"));
        browser.show(390, 844, true, "light");
        browser.screenshot(SCREENSHOTS.resolve("phone-light.png"));
    }

    @Test
    void showsFailingCheckAndLostConnection() throws Exception {
        open();
        browser.await("All is well", HEADLINE);
        ready.set(List.of(new HealthCheck("broker", false, "no connection is up")));
        browser.await("Not ready: broker", HEADLINE);
        assertEquals(
                "broker: no connection is up",
                browser.text("document.getElementById('reason').textContent"));
        endpoint.close();
        browser.await("No answer from the service", HEADLINE);
        browser.await("true", "document.body.hasAttribute('data-stale')");
    }

    @Test
    void keyboardReachesEveryShardAndLabelsNameState() throws Exception {
        browser.show(1180, 900, false, "light");
        open();
        browser.await("All is well", HEADLINE);
        int presses = 0;
        while (!browser.text("document.activeElement.id").equals("grid")) {
            assertTrue(presses++ < 10, "the grid cannot be reached by Tab");
            browser.press("Tab");
        }
        browser.press("ArrowRight");
        browser.press("ArrowRight");
        String active =
                "document.getElementById(document.getElementById('grid')"
                        + ".getAttribute('aria-activedescendant'))";
        assertEquals("Shard 1, Connected", browser.text(active + ".getAttribute('aria-label')"));
        browser.press("End");
        assertEquals("Shard 15, Connected", browser.text(active + ".getAttribute('aria-label')"));
        assertEquals("true", browser.text(active + ".getAttribute('aria-selected')"));
        assertTrue(browser.text("document.getElementById('detail').textContent").contains("115"));
        browser.screenshot(SCREENSHOTS.resolve("chosen-light.png"));
        assertEquals(List.of(), browser.consoleErrors());
    }

    @Test
    void basicAuthenticationOpensProtectedPage() throws Exception {
        try (var guarded = endpoint(Optional.of(new BearerToken("secret")))) {
            browser.open("http://me:secret@" + guarded.address() + "/");
            browser.await("All is well", HEADLINE);
        }
    }
}
