package loom.dispatch.app;

import loom.dispatch.app.Finding.Verdict;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code loom-dispatch doctor}: looks at all that a start needs and changes nothing, so that it may
 * run beside the service. A line for each finding.
 */
final class DoctorCommand {
    private static final String SPOOL = "spool";

    private DoctorCommand() {}

    /**
     * Looks and prints. Blocks for about half a minute at most, when all are away.
     *
     * @return what a start now would end with: {@link ExitCode#CLEAN} if it would run, {@link
     *     ExitCode#FAILED} if it would have to wait
     * @throws StartFailure if the configuration is wrong, with every error in it
     */
    static ExitCode run(Environment environment, PrintStream out)
            throws StartFailure, InterruptedException {
        Settings settings = Settings.from(environment);
        List<Finding> findings = new ArrayList<>();
        Consumer<Finding> found =
                finding -> {
                    findings.add(finding);
                    out.println(finding.line());
                };
        environment.strangers().forEach((name, meant) -> found.accept(stranger(name, meant)));
        DoctorDiscord.look(settings, found);
        DoctorRabbit.look(settings, found);
        DoctorRedis.look(settings.redis(), found);
        settings.publish()
                .spoolFolder()
                .ifPresent(folder -> found.accept(spool(folder, settings.publish().spoolBytes())));
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .map(Finding::exitCode)
                .findFirst()
                .orElse(ExitCode.CLEAN);
    }

    private static Finding stranger(String name, String meant) {
        String hint = meant.isEmpty() ? "" : "; did you mean " + meant + "?";
        return Finding.warn("configuration", name + " is set, and nobody reads it" + hint);
    }

    private static Finding spool(Path folder, long bytes) {
        Path there = folder.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return Finding.fail(
                    SPOOL,
                    "SPOOL_DIR=\"" + folder + "\": " + there + " is no folder that can be written",
                    ExitCode.CONFIGURATION);
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String text = folder + " may take " + mega(bytes) + " MB and has " + mega(free);
            return free < bytes
                    ? Finding.warn(SPOOL, text + " free: lower SPOOL_MB or make room")
                    : Finding.ok(SPOOL, text + " free");
        } catch (IOException e) {
            return Finding.warn(SPOOL, folder + ": its free space is unknown: " + e.getMessage());
        }
    }

    private static long mega(long bytes) {
        return bytes / 1_000_000;
    }
}
