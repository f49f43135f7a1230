package loom.dispatch.app.doctor;

import loom.dispatch.app.config.Environment;
import loom.dispatch.app.config.RedisSettings;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.RedisErrorRemedy;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.cache.AuditReport;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.RedisRefusedException;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.StateAudit;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/** Runs {@code loom-dispatch audit}: compares the sets in Redis with the objects. */
public final class AuditCommand {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

    private AuditCommand() {}

    /**
     * Audits and prints one line for each kind of object. Changes nothing. Does not wait: if Redis
     * does not answer, the command fails.
     *
     * @return {@link ExitCode#CLEAN} without differences, otherwise {@link ExitCode#DRIFT}
     */
    public static ExitCode run(Environment environment, PrintStream out)
            throws StartFailure, InterruptedException {
        RedisConfig config = RedisSettings.from(environment);
        List<String> problems = environment.problems();
        if (!problems.isEmpty()) {
            throw new StartFailure(ExitCode.CONFIGURATION, String.join("\n", problems));
        }
        try (RedisClient redis = RedisClient.attempt(config)) {
            AuditReport report = StateAudit.run(redis, progress(out));
            print(report, out);
            return report.drift() == 0 ? ExitCode.CLEAN : ExitCode.DRIFT;
        } catch (RedisRefusedException e) {
            throw new StartFailure(ExitCode.TOPOLOGY, RedisErrorRemedy.to(e.getMessage()));
        } catch (RedisUnavailableException e) {
            throw new StartFailure(
                    ExitCode.FAILED,
                    "no answer from Redis at " + RedisErrorRemedy.away(config, e.getMessage()));
        }
    }

    private static void print(AuditReport report, PrintStream out) {
        report.rows()
                .forEach(row ->
                        out.println(
                                "audit kind="
                                        + row.kind()
                                        + " objects="
                                        + row.objects()
                                        + " entries="
                                        + row.entries()
                                        + " entries_without_object="
                                        + row.entriesWithoutObject()
                                        + " objects_without_entry="
                                        + row.objectsWithoutEntry()));
        report.examples().forEach(example -> out.println("audit example=\"" + example + "\""));
        out.println("audit drift=" + report.drift());
    }

    /** Prints a line every five seconds during a long audit. */
    private static LongConsumer progress(PrintStream out) {
        long[] next = {System.nanoTime() + PROGRESS_NANOS};
        return examined -> {
            if (System.nanoTime() - next[0] >= 0) {
                next[0] = System.nanoTime() + PROGRESS_NANOS;
                out.println("audit examined=" + examined);
            }
        };
    }
}
