package loom.dispatch.demo;

import loom.dispatch.demo.scene.DemoSurroundings;
import loom.dispatch.demo.view.DemoSummary;
import loom.dispatch.demo.view.LedgerTotals;
import loom.dispatch.demo.view.RateMeter;
import loom.dispatch.demo.view.TerminalScreen;
import loom.dispatch.demo.view.ViewSnapshot;
import loom.dispatch.servers.process.ImageProcess;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Runs the demo: starts the image, updates the view, drains, stops the image and prints the
 * summary. Used by the main thread only.
 */
final class DemoRun {
    private static final Duration FRAME = Duration.ofMillis(250);
    private static final Duration DRAIN_POLL = Duration.ofMillis(50);
    private static final Duration REFRESH = Duration.ofSeconds(1);

    /** Longer than the image's SHUTDOWN_TIMEOUT of 20 s. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(25);

    private static final int LAST_LINES = 20;

    private final DemoOptions options;
    private final DemoSurroundings surroundings;
    private final ImageProcess image;
    private final TerminalScreen screen;
    private final ShutdownRequest shutdown;
    private final long startNanos = System.nanoTime();
    private final RateMeter dispatched = new RateMeter(startNanos);
    private final RateMeter received = new RateMeter(startNanos);
    private LedgerTotals totals = LedgerTotals.NOTHING;
    private List<String> shardStates = List.of();
    private long refreshNanos = startNanos - REFRESH.toNanos();

    DemoRun(
            DemoOptions options,
            DemoSurroundings surroundings,
            ImageProcess image,
            TerminalScreen screen,
            ShutdownRequest shutdown) {
        this.options = options;
        this.surroundings = surroundings;
        this.image = image;
        this.screen = screen;
        this.shutdown = shutdown;
    }

    /** Runs the demo and returns the exit code. */
    int run() throws IOException, InterruptedException {
        var supervisor = new ImageSupervisor(image, Duration.ofSeconds(options.killEverySeconds()));
        try {
            screen.print(List.of("", "  loom-dispatch runs on " + surroundings.title()));
            if (!screen.coloured()) {
                screen.print(listHints());
            }
            watch(supervisor);
            return end(supervisor);
        } catch (ImageSupervisor.UnexpectedExit died) {
            screen.print(
                    List.of("", "demo: " + died.getMessage() + "; last of " + image.log() + ":"));
            screen.print(image.lastLines(LAST_LINES));
            return 1;
        } finally {
            if (image.isRunning()) {
                image.kill();
            }
        }
    }

    private List<String> listHints() {
        return surroundings.hints(image.pid()).stream()
                .map(hint -> "  %-9s%s".formatted(hint.label(), hint.text()))
                .toList();
    }

    private void watch(ImageSupervisor supervisor)
            throws IOException, InterruptedException, ImageSupervisor.UnexpectedExit {
        long limit =
                options.seconds() == 0
                        ? Long.MAX_VALUE
                        : Duration.ofSeconds(options.seconds()).toNanos();
        while (!shutdown.awaitRequest(FRAME) && elapsed().toNanos() < limit) {
            supervisor.tick();
            surroundings.tick();
            show("", supervisor.kills());
        }
    }

    private int end(ImageSupervisor supervisor)
            throws IOException, InterruptedException, ImageSupervisor.UnexpectedExit {
        Duration ran = elapsed();
        surroundings.stopEvents();
        long deadlineNanos = System.nanoTime() + surroundings.drainTimeout().toNanos();
        while (!surroundings.drained() && System.nanoTime() < deadlineNanos) {
            supervisor.restartIfKilled();
            show("draining", supervisor.kills());
            Thread.sleep(DRAIN_POLL);
        }
        show("stopping", supervisor.kills());
        int exitCode = image.stop(STOP_TIMEOUT);
        refreshNanos = startNanos - REFRESH.toNanos();
        show("stopped", supervisor.kills());
        var summary =
                new DemoSummary(
                        surroundings.hasLedger(),
                        surroundings.totals(),
                        ran,
                        supervisor.kills(),
                        exitCode);
        screen.print(summary.lines(screen.coloured()));
        if (exitCode != 0) {
            screen.print(image.lastLines(LAST_LINES));
        }
        return summary.succeeded() ? 0 : 1;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private void show(String phase, int kills) {
        long now = System.nanoTime();
        if (now - refreshNanos >= REFRESH.toNanos()) {
            refreshNanos = now;
            totals = surroundings.totals();
            shardStates = surroundings.shardStates();
            dispatched.sample(totals.dispatched(), now);
            received.sample(totals.received(), now);
        }
        screen.show(
                new ViewSnapshot(
                        surroundings.title(),
                        elapsed(),
                        phase,
                        surroundings.hasLedger(),
                        shardStates,
                        totals,
                        dispatched.perSecond(),
                        dispatched.bars(),
                        received.perSecond(),
                        received.bars(),
                        surroundings.latestEvent(),
                        kills,
                        surroundings.hints(image.pid())),
                now);
    }
}
