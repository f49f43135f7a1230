package loom.dispatch.benchmarks.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One line of {@code bench cache}: laps through the cache, and in turn with each of them the very
 * bytes of a lap, sent by a client that has nothing else to do. Of rates the best lap counts, for
 * whatever else runs on the machine only ever takes time; of processor times the median (of this
 * process's the mean, for it comes in hundredths of a second).
 *
 * @param laps as they were measured
 * @param shards that applied a lap's events each, at the same time
 * @param events in a lap of one shard
 * @param bytes of that lap's commands
 */
record CacheResultLine(List<Lap> laps, int shards, int events, long bytes) {
    static final String HEAD =
            """
                                           | cache.apply |    CPU us/event    |        per event         | same bytes, events/s | cache.apply of
            event              members shards batch | events/s | ours Redis replay | trips commands  bytes | in turn  at once | in turn  at once\
            """;

    private static final int LAPS = 5;

    /**
     * What one lap took.
     *
     * @param applySeconds through the cache
     * @param ownMicros processor time of this process meanwhile
     * @param redisMicros processor time of Redis meanwhile
     * @param trips round trips
     * @param commands commands
     * @param inTurnSeconds in which the same pipelines were answered, one after the other
     * @param atOnceSeconds in which they were answered with as many under way as Redis takes
     * @param replayMicros processor time of Redis meanwhile
     */
    record Lap(
            double applySeconds,
            double ownMicros,
            double redisMicros,
            long trips,
            long commands,
            double inTurnSeconds,
            double atOnceSeconds,
            double replayMicros) {}

    static CacheResultLine measure(
            CacheBenchSetup stand, CacheWorkloads.Load load, int shards, int batch, double seconds)
            throws IOException, InterruptedException {
        stand.setUp(load);
        stand.tape(load, batch);
        var measuring = new CacheMeasurement(stand, load, shards, batch, stand.tape(load, batch));
        List<Lap> laps = new ArrayList<>();
        double sum = 0;
        while (laps.size() < LAPS || sum < seconds) {
            laps.add(measuring.measure());
            sum += laps.getLast().applySeconds();
        }
        return new CacheResultLine(laps, shards, load.lap().size(), measuring.bytes());
    }

    double applied() {
        return shards * rate(Lap::applySeconds);
    }

    /** Of what the same pipelines reach in turn. */
    double partInTurn() {
        return applied() / rate(Lap::inTurnSeconds);
    }

    /** Of what Redis reaches with the same commands. */
    double partOfRedis() {
        return applied() / rate(Lap::atOnceSeconds);
    }

    boolean isSaidToRedis() {
        return bytes > 0;
    }

    String told(String kind, int members, int batch) {
        double all = (double) shards * events;
        String line =
                "%-19s %6d %6d %5d | %8.0f | %6.1f %5.1f %6.1f | %5.3f %7.2f %7.0f |"
                        .formatted(
                                kind,
                                members,
                                shards,
                                batch,
                                applied(),
                                mean(Lap::ownMicros) / all,
                                median(Lap::redisMicros) / all,
                                median(Lap::replayMicros) / events,
                                median(Lap::trips) / all,
                                median(Lap::commands) / all,
                                (double) bytes / events);
        return isSaidToRedis()
                ? "%s %7.0f %8.0f |  %.2f     %.2f"
                        .formatted(
                                line,
                                rate(Lap::inTurnSeconds),
                                rate(Lap::atOnceSeconds),
                                partInTurn(),
                                partOfRedis())
                : line;
    }

    private double rate(ToDoubleFunction<Lap> seconds) {
        return events / laps.stream().mapToDouble(seconds).min().orElseThrow();
    }

    /** For what is told in hundredths of a second. */
    private double mean(ToDoubleFunction<Lap> what) {
        return laps.stream().mapToDouble(what).average().orElseThrow();
    }

    private double median(ToDoubleFunction<Lap> what) {
        return laps.stream()
                .mapToDouble(what)
                .sorted()
                .skip(laps.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
