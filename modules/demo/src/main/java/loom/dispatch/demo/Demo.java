package loom.dispatch.demo;

import loom.dispatch.demo.measure.MeasureOptions;
import loom.dispatch.demo.measure.StartMeasurement;
import loom.dispatch.demo.scene.DemoSurroundings;
import loom.dispatch.demo.scene.RealSurroundings;
import loom.dispatch.demo.scene.SimulatedSurroundings;
import loom.dispatch.demo.view.TerminalScreen;
import loom.dispatch.servers.process.ChildProcess;
import loom.dispatch.servers.process.ImageProcess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The main class of the demo: starts the image and shows its events in the terminal. */
public final class Demo {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final String LAUNCHER = "bin/loom-dispatch";

    private Demo() {}

    /** Runs the demo. {@code --help} describes the arguments. */
    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        Task task = task(words);
        ShutdownRequest shutdown = ShutdownRequest.onSignal();
        int code = FAILED;
        try {
            code = task.run(shutdown);
        } catch (IOException | TimeoutException | RuntimeException e) {
            System.err.println("demo: " + e.getMessage());
        } catch (InterruptedException e) {
            System.err.println("demo: interrupted");
        }
        shutdown.exit(code);
    }

    /** A parsed command. It returns the exit code. */
    @FunctionalInterface
    private interface Task {
        int run(ShutdownRequest shutdown)
                throws IOException, TimeoutException, InterruptedException;
    }

    private static Task task(List<String> words) {
        try {
            if (words.indexOf("measure") == 0) {
                MeasureOptions options = MeasureOptions.parse(words.subList(1, words.size()));
                return options.help() ? help(MeasureOptions.HELP) : _ -> measure(options);
            }
            DemoOptions options = DemoOptions.parse(words);
            return options.help() ? help(DemoOptions.HELP) : shutdown -> show(options, shutdown);
        } catch (DemoOptions.InvalidOptions e) {
            System.err.println("demo: " + e.getMessage() + "; see demo --help");
            System.exit(USAGE);
            throw new AssertionError(e);
        }
    }

    private static Task help(String text) {
        return _ -> {
            System.out.print(text);
            return 0;
        };
    }

    private static Path target() {
        return Path.of(System.getProperty("loom.demo.target")).toAbsolutePath();
    }

    /** Returns the directory of the image that the build linked. */
    private static Path image() throws IOException {
        Path image = target().resolve("../../../jlink/target/loom-dispatch").normalize();
        if (!Files.isExecutable(image.resolve(LAUNCHER))) {
            throw new IOException(
                    "no image at %s: run mvn -q -DskipTests package".formatted(image));
        }
        return image;
    }

    private static int measure(MeasureOptions options)
            throws IOException, TimeoutException, InterruptedException {
        new StartMeasurement(options, target()).run(image());
        return 0;
    }

    private static int show(DemoOptions options, ShutdownRequest shutdown)
            throws IOException, TimeoutException, InterruptedException {
        Path target = target();
        Path launcher = image().resolve(LAUNCHER);
        Map<String, String> environment = System.getenv();
        RealSurroundings.missingVariables(environment)
                .ifPresent(note -> System.out.println("demo: " + note));
        TerminalScreen screen = TerminalScreen.ofStandardOutput();
        try (DemoSurroundings surroundings =
                RealSurroundings.isConfigured(environment)
                        ? new RealSurroundings(environment)
                        : new SimulatedSurroundings(options, target)) {
            var image =
                    new ImageProcess(
                            ChildProcess.inNewSession(List.of(launcher.toString())),
                            surroundings.environment(),
                            surroundings.directory(),
                            target.resolve("demo.log"));
            return new DemoRun(options, surroundings, image, screen, shutdown).run();
        } finally {
            screen.close();
        }
    }
}
