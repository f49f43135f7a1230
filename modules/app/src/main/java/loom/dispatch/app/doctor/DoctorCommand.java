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
 * {@code loom-dispatch doctor}: looks at all that a start needs and changes nothing, so that it may
 * run beside the service. A line for each finding.
 */
public final class DoctorCommand {
    private static final String SPOOL = "spool";

    private DoctorCommand() {}

    /**
     * Looks and prints. Blocks for about half a minute at most, when all are away.
     *
     * @return what a start now would end with: {@link ExitCode#CLEAN} if it would run, {@link
     *     ExitCode#FAILED} if it would have to wait
     * @throws StartFailure if the configuration is wrong, with every error in it
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
        environment.strangers().forEach((name, meant) -> found.accept(stranger(name, meant)));
        DiscordChecks.look(settings, found);
        RabbitChecks.look(settings, found);
        RedisChecks.look(settings.redis(), found);
        settings.publish()
                .spoolFolder()
                .ifPresent(folder -> found.accept(spool(folder, settings.publish().spoolBytes())));
        return findings.stream()
                .filter(finding -> finding.verdict() == Verdict.FAIL)
                .map(DoctorFinding::exitCode)
                .findFirst()
                .orElse(ExitCode.CLEAN);
    }

    private static DoctorFinding stranger(String name, String meant) {
        String hint = meant.isEmpty() ? "" : "; did you mean " + meant + "?";
        return DoctorFinding.warn("configuration", name + " is set, and nobody reads it" + hint);
    }

    private static DoctorFinding spool(Path folder, long bytes) {
        Path there = folder.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return DoctorFinding.fail(
                    SPOOL,
                    "SPOOL_DIR=\"" + folder + "\": " + there + " is no folder that can be written",
                    ExitCode.CONFIGURATION);
        }
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            String text = folder + " may take " + mega(bytes) + " MB and has " + mega(free);
            return free < bytes
                    ? DoctorFinding.warn(SPOOL, text + " free: lower SPOOL_MB or make room")
                    : DoctorFinding.ok(SPOOL, text + " free");
        } catch (IOException e) {
            return DoctorFinding.warn(
                    SPOOL, folder + ": its free space is unknown: " + e.getMessage());
        }
    }

    private static long mega(long bytes) {
        return bytes / 1_000_000;
    }
}
