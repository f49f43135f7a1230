package loom.dispatch.benchmarks.cache;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One line of {@code bench cache}: laps through the cache, each followed by a replay of the same
 * bytes. A rate is that of the best lap, because other processes only slow a lap down. CPU times
 * are medians; this process's CPU time is a mean, because Linux counts it in 10 ms steps.
 *
 * @param laps the measured laps
 * @param shards shards that each applied a lap's events concurrently
 * @param events events per lap and shard
 * @param bytes bytes of a lap's commands
 */
record CacheResultLine(List<Lap> laps, int shards, int events, long bytes) {
    static final String HEAD =
            """
                                           | cache.apply |    CPU us/event    |        per event         | same bytes, events/s | cache.apply of
            event              members shards batch | events/s | ours Redis replay | trips commands  bytes | in turn  at once | in turn  at once\
            """;

    private static final int LAPS = 5;

    /**
     * The measurements of one lap.
     *
     * @param applySeconds time through the cache
     * @param ownMicros CPU time of this process meanwhile
     * @param redisMicros CPU time of Redis meanwhile
     * @param trips round trips
     * @param commands commands
     * @param inTurnSeconds time of the same pipelines, each sent after the previous reply
     * @param atOnceSeconds time of the same commands in large pipelines, several in flight
     * @param replayMicros CPU time of Redis during the latter
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
        stand.pipelines(load, batch);
        var measuring =
                new CacheMeasurement(stand, load, shards, batch, stand.pipelines(load, batch));
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

    /** Returns the cache's rate as a part of the rate of the same pipelines, sent in turn. */
    double partInTurn() {
        return applied() / rate(Lap::inTurnSeconds);
    }

    /** Returns the cache's rate as a part of Redis's highest rate for the same commands. */
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

    /** Returns the mean, for values that Linux counts in 10 ms steps. */
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
