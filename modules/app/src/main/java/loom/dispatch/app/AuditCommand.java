package loom.dispatch.app;

import loom.dispatch.cache.Audit;
import loom.dispatch.cache.AuditReport;
import loom.dispatch.cache.Redis;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.RedisRefused;
import loom.dispatch.cache.RedisUnavailable;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/** {@code loom-dispatch audit}: holds the state's indexes in Redis against its objects. */
final class AuditCommand {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();

    private AuditCommand() {}

    /**
     * Audits and prints a line for each kind of object; what it finds it leaves as it is. Waits for
     * nobody: a Redis that does not answer is a failure.
     *
     * @return {@link ExitCode#CLEAN} when all agrees, {@link ExitCode#DRIFT} when not
     */
    static ExitCode run(Environment environment, PrintStream out)
            throws StartFailure, InterruptedException {
        RedisConfig config = RedisSettings.from(environment);
        List<String> problems = environment.problems();
        if (!problems.isEmpty()) {
            throw new StartFailure(ExitCode.CONFIGURATION, String.join("\n", problems));
        }
        try (Redis redis = Redis.attempt(config)) {
            AuditReport report = Audit.run(redis, progress(out));
            print(report, out);
            return report.drift() == 0 ? ExitCode.CLEAN : ExitCode.DRIFT;
        } catch (RedisRefused e) {
            throw new StartFailure(ExitCode.TOPOLOGY, RedisAdvice.to(e.getMessage()));
        } catch (RedisUnavailable e) {
            throw new StartFailure(
                    ExitCode.FAILED,
                    "no answer from Redis at " + RedisAdvice.away(config, e.getMessage()));
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

    /** A line every few seconds, so that a long audit is seen to go on. */
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
