package loom.dispatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** The program of the README's first command: runs the image and shows what happens. */
public final class Demo {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private Demo() {}

    /** Arguments as {@code --help} says. */
    public static void main(String[] arguments) {
        Options options = options(arguments);
        Ending ending = Ending.onSignal();
        int code = FAILED;
        try {
            code = run(options, ending);
        } catch (IOException | TimeoutException | RuntimeException e) {
            System.err.println("demo: " + e.getMessage());
        } catch (InterruptedException e) {
            System.err.println("demo: interrupted");
        }
        ending.reached(code);
    }

    private static Options options(String[] arguments) {
        try {
            Options options = Options.parse(List.of(arguments));
            if (options.help()) {
                System.out.print(Options.HELP);
                System.exit(0);
            }
            return options;
        } catch (Options.Wrong e) {
            System.err.println("demo: " + e.getMessage() + "; see demo --help");
            System.exit(USAGE);
            throw new AssertionError(e);
        }
    }

    private static int run(Options options, Ending ending)
            throws IOException, TimeoutException, InterruptedException {
        Path target = Path.of(System.getProperty("loom.demo.target")).toAbsolutePath();
        Path launcher = target.resolve("../../../jlink/target/loom-dispatch/bin/loom-dispatch");
        if (!Files.isExecutable(launcher)) {
            throw new IOException(
                    "no image at %s: run mvn -q -DskipTests package"
                            .formatted(launcher.normalize()));
        }
        if (options.measureRuns() > 0) {
            Measurement.run(options.measureRuns(), launcher.normalize(), target);
            return 0;
        }
        Map<String, String> environment = System.getenv();
        RealScene.halfWanted(environment).ifPresent(note -> System.out.println("demo: " + note));
        Screen screen = Screen.ofStandardOutput();
        try (Scene scene =
                RealScene.isWanted(environment)
                        ? new RealScene(environment)
                        : new SimulatedScene(options, target)) {
            var image =
                    new ImageProcess(
                            launcher.normalize(),
                            scene.environment(),
                            scene.directory(),
                            target.resolve("demo.log"));
            return new Show(options, scene, image, screen, ending).run();
        } finally {
            screen.close();
        }
    }
}
