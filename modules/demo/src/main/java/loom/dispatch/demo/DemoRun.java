package loom.dispatch.demo;

import loom.dispatch.demo.scene.DemoSurroundings;
import loom.dispatch.demo.view.DemoSummary;
import loom.dispatch.demo.view.LedgerTotals;
import loom.dispatch.demo.view.RateMeter;
import loom.dispatch.demo.view.TerminalScreen;
import loom.dispatch.demo.view.ViewSnapshot;

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
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Longer than the image's SHUTDOWN_TIMEOUT of 20 s. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(25);

    private static final int LAST_LINES = 20;

    private final DemoOptions options;
    private final DemoSurroundings scene;
    private final ImageProcess image;
    private final TerminalScreen screen;
    private final ShutdownRequest ending;
    private final long startNanos = System.nanoTime();
    private final RateMeter dispatched = new RateMeter(startNanos);
    private final RateMeter received = new RateMeter(startNanos);
    private LedgerTotals tally = LedgerTotals.NOTHING;
    private List<String> shardStates = List.of();
    private long lookNanos = startNanos - LOOK.toNanos();

    DemoRun(
            DemoOptions options,
            DemoSurroundings scene,
            ImageProcess image,
            TerminalScreen screen,
            ShutdownRequest ending) {
        this.options = options;
        this.scene = scene;
        this.image = image;
        this.screen = screen;
        this.ending = ending;
    }

    /** Runs the demo and returns the exit code. */
    int run() throws IOException, InterruptedException {
        var supervisor = new ImageSupervisor(image, Duration.ofSeconds(options.killEverySeconds()));
        try {
            screen.print(List.of("", "  loom-dispatch runs on " + scene.title()));
            if (!screen.coloured()) {
                screen.print(listHints());
            }
            watch(supervisor);
            return end(supervisor);
        } catch (ImageSupervisor.Died died) {
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
        return scene.hints(image.pid()).stream()
                .map(hint -> "  %-9s%s".formatted(hint.label(), hint.text()))
                .toList();
    }

    private void watch(ImageSupervisor supervisor)
            throws IOException, InterruptedException, ImageSupervisor.Died {
        long limit =
                options.seconds() == 0
                        ? Long.MAX_VALUE
                        : Duration.ofSeconds(options.seconds()).toNanos();
        while (!ending.wantedWithin(FRAME) && elapsed().toNanos() < limit) {
            supervisor.tick();
            scene.tick();
            show("", supervisor.kills());
        }
    }

    private int end(ImageSupervisor supervisor)
            throws IOException, InterruptedException, ImageSupervisor.Died {
        Duration ran = elapsed();
        scene.quiet();
        long deadlineNanos = System.nanoTime() + scene.drainPatience().toNanos();
        while (!scene.drained() && System.nanoTime() < deadlineNanos) {
            supervisor.revive();
            show("draining", supervisor.kills());
            Thread.sleep(DRAIN_POLL);
        }
        show("stopping", supervisor.kills());
        int exitCode = image.terminate(STOP_PATIENCE);
        lookNanos = startNanos - LOOK.toNanos();
        show("stopped", supervisor.kills());
        var summary =
                new DemoSummary(
                        scene.hasLedger(), scene.tally(), ran, supervisor.kills(), exitCode);
        screen.print(summary.lines(screen.coloured()));
        if (exitCode != 0) {
            screen.print(image.lastLines(LAST_LINES));
        }
        return summary.good() ? 0 : 1;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private void show(String phase, int kills) {
        long now = System.nanoTime();
        if (now - lookNanos >= LOOK.toNanos()) {
            lookNanos = now;
            tally = scene.tally();
            shardStates = scene.shardStates();
            dispatched.sample(tally.dispatched(), now);
            received.sample(tally.received(), now);
        }
        screen.show(
                new ViewSnapshot(
                        scene.title(),
                        elapsed(),
                        phase,
                        scene.hasLedger(),
                        shardStates,
                        tally,
                        dispatched.perSecond(),
                        dispatched.bars(),
                        received.perSecond(),
                        received.bars(),
                        scene.latestEvent(),
                        kills,
                        scene.hints(image.pid())),
                now);
    }
}
