package loom.dispatch.app.doctor;

import loom.dispatch.app.config.Environment;
import loom.dispatch.app.config.Settings;
import loom.dispatch.app.doctor.DoctorFinding.Verdict;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs {@code loom-dispatch doctor}: checks everything that a start needs and prints one line for
 * each finding. It changes nothing, so it may run beside the service.
 */
public final class DoctorCommand {
    private static final String SPOOL = "spool";

    private DoctorCommand() {}

    /**
     * Checks and prints. Blocks for at most about half a minute, if no server answers.
     *
     * @return the exit code of a start: {@link ExitCode#CLEAN} if it would run, {@link
     *     ExitCode#FAILED} if it would wait
     * @throws StartFailure if the configuration is wrong; contains every error
     */
    public static ExitCode run(Environment environment, PrintStream out)
            throws StartFailure, InterruptedException {
        Settings settings = Settings.from(environment);
        List<DoctorFinding> findings = new ArrayList<>();
        Consumer<DoctorFinding> found =
                finding -> {
                    findings.add(finding);
                    out.println(finding.line());
                };
        environment
                .unknownVariables()
                .forEach((name, meant) -> found.accept(unknownVariable(name, meant)));
        DiscordChecks.check(settings, found);
        RabbitChecks.check(settings, found);
        RedisChecks.check(settings.redis(), found);
        settings.publish()
                .spoolFolder()
                .ifPresent(folder -> found.accept(spool(folder, settings.publish().spoolBytes())));
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .map(DoctorFinding::exitCode)
                .findFirst()
                .orElse(ExitCode.CLEAN);
    }

    private static DoctorFinding unknownVariable(String name, String meant) {
        String hint = meant.isEmpty() ? "" : "; did you mean " + meant + "?";
        return DoctorFinding.warn(
                "configuration", name + " is set, but no such setting exists" + hint);
    }

    private static DoctorFinding spool(Path folder, long bytes) {
        Path there = folder.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return DoctorFinding.fail(
                    SPOOL,
                    "SPOOL_DIR=\"" + folder + "\": " + there + " is not a writable folder",
                    ExitCode.CONFIGURATION);
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String text = folder + ": limit " + mega(bytes) + " MB, free " + mega(free) + " MB";
            return free < bytes
                    ? DoctorFinding.warn(SPOOL, text + ": lower SPOOL_MB or free space")
                    : DoctorFinding.ok(SPOOL, text);
        } catch (IOException e) {
            return DoctorFinding.warn(
                    SPOOL, folder + ": the free space is unknown: " + e.getMessage());
        }
    }

    private static long mega(long bytes) {
        return bytes / 1_000_000;
    }
}
