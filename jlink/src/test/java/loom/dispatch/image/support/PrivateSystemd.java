package loom.dispatch.image.support;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.process.ImageProcess;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a real systemd as process 1 of new namespaces, with only the image and its unit installed.
 * Needs Linux, root and an installed systemd.
 */
public final class PrivateSystemd implements AutoCloseable {
    private static final Path FILES = Path.of("../docs/operations/systemd");
    private static final Path BOOT = Path.of("systemd").toAbsolutePath();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String UNIT = "loom-dispatch.service";
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");

    private final ImageProcess unshare;
    private final long processOne;

    /**
     * Boots systemd.
     *
     * @param folder an empty folder for its files
     * @param environment variables for the unit; the token becomes a credential
     * @param overrides settings that replace those of the unit
     */
    public PrivateSystemd(
            Path folder, Map<String, String> environment, Map<String, String> overrides)
            throws Exception {
        install(folder, environment, overrides);
        unshare =
                LinkedImage.run(
                        List.of(
                                "unshare",
                                "--mount",
                                "--pid",
                                "--fork",
                                "--kill-child",
                                "--uts",
                                "--ipc",
                                "--cgroup",
                                "--mount-proc",
                                BOOT.toString(),
                                folder.toString(),
                                LinkedImage.HOME.toAbsolutePath().toString()),
                        PATH);
        Eventually.await(
                "systemd forks",
                TIMEOUT,
                unshare::output,
                () -> ProcessHandle.of(unshare.pid()).orElseThrow().children().count() == 1);
        processOne =
                ProcessHandle.of(unshare.pid()).orElseThrow().children().findFirst().get().pid();
        Eventually.await(
                "systemd boots",
                TIMEOUT,
                unshare::output,
                () -> unshare.isRunning() && systemctl("is-active", "basic.target").code() == 0);
    }

    public static boolean isPossible() {
        return "root".equals(System.getProperty("user.name"))
                && Stream.of("bin/unshare", "bin/nsenter", "bin/systemctl", "lib/systemd/systemd")
                        .allMatch(program -> Files.isExecutable(Path.of("/usr", program)));
    }

    private static void install(
            Path folder, Map<String, String> environment, Map<String, String> overrides)
            throws Exception {
        String unit = Files.readString(FILES.resolve(UNIT));
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            String changed =
                    unit.replaceAll(
                            "(?m)^" + override.getKey() + "=.*$",
                            override.getKey() + "=" + override.getValue());
            if (changed.equals(unit)) {
                throw new AssertionError("the unit has no " + override.getKey());
            }
            unit = changed;
        }
        Files.writeString(folder.resolve(UNIT), unit);
        Files.copy(
                FILES.resolve("loom-dispatch.sysusers"), folder.resolve("loom-dispatch.sysusers"));
        Files.writeString(folder.resolve("bot_token"), environment.get("BOT_TOKEN") + "\n");
        Files.writeString(
                folder.resolve("loom-dispatch.env"),
                environment.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals("BOT_TOKEN"))
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    /**
     * The result of a systemctl command.
     *
     * @param output what systemctl printed
     */
    public record Answer(int code, String output) {}

    /** Runs systemctl in the namespaces. Blocks while a unit starts or stops. */
    public Answer systemctl(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "--target=" + processOne,
                                "--mount",
                                "--pid",
                                "--uts",
                                "--ipc",
                                "--cgroup",
                                "systemctl",
                                "--no-pager"));
        command.addAll(List.of(arguments));
        try (var process = LinkedImage.run(command, PATH)) {
            return new Answer(process.awaitExit(TIMEOUT), process.output());
        }
    }

    /** Returns the value of a property of the unit. */
    public String property(String name) throws Exception {
        return systemctl("show", "--value", "--property=" + name, UNIT).output().strip();
    }

    /** Returns the output of systemd and the service. */
    public String output() {
        return unshare.output();
    }

    @Override
    public void close() {
        unshare.close();
        ProcessHandle.of(processOne).ifPresent(ProcessHandle::destroyForcibly);
    }
}
