package loom.dispatch.benchmarks.cache;

import loom.dispatch.benchmarks.process.RedisBenchmark;
import loom.dispatch.cache.StateCache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures {@link StateCache#apply} by event type, batch size and guild size. As upper bounds it
 * measures the same commands sent raw, and redis-benchmark's plain commands.
 */
public final class CacheBench {
    /** The size of a presence or a message with the cache's additions. */
    private static final int VALUE_BYTES = 600;

    /** The format of redis-benchmark's SET. */
    private static final String SET = "*3\r\n$3\r\nSET\r\n$16\r\nkey:%012d\r\n$%d\r\n%s\r\n";

    private static final int KEYS = 10_000;
    private static final int SETS = 100_000;
    private static final double WARM_UP_SECONDS = 8;

    private final CacheBenchOptions options;

    /**
     * Creates a benchmark that prints each line when it is measured.
     *
     * @param options what to measure
     */
    public CacheBench(CacheBenchOptions options) {
        this.options = options;
    }

    /** A measured line and its parameters. */
    private record Result(String kind, int members, int batch, CacheResultLine line) {}

    /**
     * Starts Redis, measures and prints. It takes some minutes.
     *
     * @return for each line that sends commands to Redis, the cache's rate as a part of the raw
     *     pipelines' rate
     */
    public List<Double> run() throws IOException, InterruptedException {
        try (var stand = new CacheBenchSetup(Collections.max(options.shards()))) {
            ceilings(stand);
            List<Result> results = lines(stand);
            System.out.println();
            results.stream()
                    .map(Result::batch)
                    .distinct()
                    .map(batch -> summary(batch, results))
                    .forEach(System.out::print);
            return results.stream()
                    .map(Result::line)
                    .filter(CacheResultLine::isSaidToRedis)
                    .map(CacheResultLine::partInTurn)
                    .toList();
        }
    }

    private List<Result> lines(CacheBenchSetup stand) throws IOException, InterruptedException {
        System.out.println(CacheResultLine.HEAD);
        List<Result> results = new ArrayList<>();
        for (int members : options.members()) {
            List<CacheWorkloads.Load> loads = CacheWorkloads.of(options.kinds(), members);
            if (results.isEmpty()) {
                warmUp(stand, loads);
            }
            for (CacheWorkloads.Load load : loads) {
                for (int shards : load.isOfOneShard() ? List.of(1) : options.shards()) {
                    for (int batch : load.isOfGuilds() ? List.of(1) : options.batches()) {
                        CacheResultLine line =
                                CacheResultLine.measure(
                                        stand, load, shards, batch, options.seconds());
                        System.out.println(line.told(load.kind(), members, batch));
                        results.add(new Result(load.kind(), members, batch, line));
                    }
                }
            }
        }
        return results;
    }

    private void warmUp(CacheBenchSetup stand, List<CacheWorkloads.Load> loads)
            throws IOException, InterruptedException {
        double each = Math.min(WARM_UP_SECONDS, 16 * options.seconds()) / loads.size();
        for (CacheWorkloads.Load load : loads) {
            CacheResultLine.measure(stand, load, 1, Collections.max(options.batches()), each);
        }
    }

    private static void ceilings(CacheBenchSetup stand) throws IOException, InterruptedException {
        List<Integer> pipelines = List.of(1, 16, 256);
        Map<String, List<Double>> rates = new TreeMap<>();
        for (int pipeline : pipelines) {
            RedisBenchmark.run(stand.server(), VALUE_BYTES, pipeline)
                    .forEach((test, rate) ->
                            rates.computeIfAbsent(test, _ -> new ArrayList<>()).add(rate));
            rates.computeIfAbsent("SET, sent raw", _ -> new ArrayList<>())
                    .add(setsPerSecond(stand.raw(), pipeline));
        }
        System.out.printf(
                "redis-benchmark -c 1 -d %d, requests/s   -P 1      -P 16     -P 256%n",
                VALUE_BYTES);
        rates.forEach((test, each) ->
                System.out.printf(
                        "%-36s %10.0f %10.0f %10.0f%n",
                        test, each.get(0), each.get(1), each.get(2)));
        System.out.println();
    }

    /** Returns the rate of redis-benchmark's SETs when the raw connection sends them. */
    private static double setsPerSecond(RawRedisConnection raw, int pipeline) throws IOException {
        String value = "x".repeat(VALUE_BYTES);
        List<RawRedisConnection.Pipeline> pipelines = new ArrayList<>();
        for (int key = 0; key < Math.min(SETS, pipeline * 20_000); key += pipeline) {
            var commands = new StringBuilder();
            for (int i = key; i < key + pipeline; i++) {
                commands.append(SET.formatted(i % KEYS, VALUE_BYTES, value));
            }
            byte[] bytes = commands.toString().getBytes(StandardCharsets.US_ASCII);
            pipelines.add(new RawRedisConnection.Pipeline(bytes, pipeline));
        }
        long start = System.nanoTime();
        raw.replay(pipelines, 1);
        return pipelines.size() * pipeline / ((System.nanoTime() - start) / 1e9);
    }

    private static String summary(int batch, List<Result> results) {
        List<CacheResultLine> lines =
                results.stream()
                        .filter(result -> result.batch() == batch)
                        .filter(result -> !result.kind().startsWith(CacheWorkloads.GUILD_CREATE))
                        .map(Result::line)
                        .filter(CacheResultLine::isSaidToRedis)
                        .toList();
        if (lines.isEmpty()) {
            return "";
        }
        double inTurn = median(lines.stream().map(CacheResultLine::partInTurn).toList());
        double atOnce = median(lines.stream().map(CacheResultLine::partOfRedis).toList());
        return "batches of %d: the median line is %.2f of the same pipelines in turn, %.2f of Redis%n"
                .formatted(batch, inTurn, atOnce);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
