package loom.dispatch.image.support;

import loom.dispatch.servers.process.ImageProcess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts processes of the image that the build has linked. */
public final class LinkedImage {
    public static final Path HOME = Path.of(System.getProperty("image"));

    private static final String LAUNCHER = HOME.resolve("bin/loom-dispatch").toString();

    private LinkedImage() {}

    /** Starts the image through its launcher. */
    public static ImageProcess start(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        command.addAll(List.of(arguments));
        return run(command, withPath(environment));
    }

    /** Starts the image in this directory, which may contain a {@code .env} file. */
    public static ImageProcess startIn(Path directory, Map<String, String> environment) {
        return run(directory, List.of(LAUNCHER), withPath(environment));
    }

    /** Starts any command with this environment only. */
    public static ImageProcess run(List<String> command, Map<String, String> environment) {
        try {
            return run(Files.createTempDirectory("image-test"), command, environment);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ImageProcess run(
            Path directory, List<String> command, Map<String, String> environment) {
        try {
            var process =
                    new ImageProcess(command, environment, directory, directory.resolve("log"));
            process.start();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The launcher needs readlink. These directories contain no java. */
    private static Map<String, String> withPath(Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("PATH", "/usr/bin:/bin");
        return variables;
    }

    /** The stacks of the image's threads that run product code, for the message of a failure. */
    static String threads(ImageProcess process) {
        try {
            Path dump = process.log().resolveSibling("threads");
            Files.deleteIfExists(dump);
            new ProcessBuilder(
                            HOME.resolve("bin/jcmd").toString(),
                            Long.toString(process.pid()),
                            "Thread.dump_to_file",
                            dump.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(10, TimeUnit.SECONDS);
            if (!Files.exists(dump)) {
                return "threads: " + (process.isRunning() ? "no answer" : "the image has ended");
            }
            return Stream.of(Files.readString(dump).split("\n\n"))
                    .filter(thread -> thread.contains("/loom.dispatch."))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
