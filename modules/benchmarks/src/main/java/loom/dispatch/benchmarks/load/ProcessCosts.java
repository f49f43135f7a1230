package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.process.ProcessStatistics;
import loom.dispatch.servers.RedisServer;

import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Measures the cost per event for each process, over a period. */
final class ProcessCosts {
    private static final List<String> PROGRAMS = List.of("beam.smp", "redis-server");

    private final BenchSetup setup;
    private final RedisServer redis;
    private final long startNanos = System.nanoTime();
    private final LongSupplier events;
    private final long startEvents;
    private final Own startOwn;
    private final double[] startOthers;
    private final long startTrips;
    private final int startPauses;

    /** The result. */
    record Report(
            double perSecond,
            Own own,
            double rabbitMicros,
            double redisMicros,
            double benchMicros,
            double trips,
            int pauses,
            double longestPauseMillis,
            double residentMegabytes) {
        @Override
        public String toString() {
            return "%8.0f events/s  CPU us/event: service %s, RabbitMQ %.1f, Redis %.2f, bench %.1f  round trips/event %.3f  %d GC pauses, longest %.1f ms  RSS %.0f MB"
                    .formatted(
                            perSecond,
                            own,
                            rabbitMicros,
                            redisMicros,
                            benchMicros,
                            trips,
                            pauses,
                            longestPauseMillis,
                            residentMegabytes);
        }
    }

    /**
     * CPU time of the image's threads. Compilation goes on for minutes after a start and then ends.
     *
     * @param working threads that serve the shards
     * @param collecting G1's threads, and the VM thread that runs its pauses
     * @param compiling all other threads; compiler threads start and end
     */
    record Own(double working, double collecting, double compiling) {
        private static final Predicate<String> COLLECTING =
                Pattern.compile("VM Thread|GC Thread.*|G1 .*").asMatchPredicate();
        private static final Predicate<String> COMPILING =
                Pattern.compile("C[12] Compiler.*").asMatchPredicate();

        static Own of(long pid) throws IOException {
            double collecting = ProcessStatistics.cpuSecondsOfThreads(pid, COLLECTING);
            double working =
                    ProcessStatistics.cpuSecondsOfThreads(pid, COLLECTING.or(COMPILING).negate());
            return new Own(
                    working, collecting, ProcessStatistics.cpuSeconds(pid) - collecting - working);
        }

        /** Returns the difference in microseconds per event. */
        Own since(Own start, double events) {
            double each = 1e6 / events;
            return new Own(
                    each * (working - start.working),
                    each * (collecting - start.collecting),
                    each * (compiling - start.compiling));
        }

        @Override
        public String toString() {
            return "%.2f (%.2f + GC %.2f + JIT %.2f)"
                    .formatted(working + collecting + compiling, working, collecting, compiling);
        }
    }

    private ProcessCosts(BenchSetup setup, RedisServer redis, LongSupplier events)
            throws IOException {
        this.setup = setup;
        this.redis = redis;
        this.events = events;
        startEvents = events.getAsLong();
        startOwn = Own.of(setup.image().pid());
        startOthers = others();
        startTrips = trips();
        startPauses = setup.image().pausesMillis().size();
    }

    /** Starts a measurement per event that the consumer receives. */
    static ProcessCosts begin(BenchSetup setup, RedisServer redis) throws IOException {
        return begin(setup, redis, setup.arrivals()::received);
    }

    /**
     * @param events counts the processed events
     */
    static ProcessCosts begin(BenchSetup setup, RedisServer redis, LongSupplier events)
            throws IOException {
        return new ProcessCosts(setup, redis, events);
    }

    Report end() throws IOException {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double done = Math.max(1, this.events.getAsLong() - startEvents);
        double[] now = others();
        List<Double> pauses = setup.image().pausesMillis();
        pauses = pauses.subList(startPauses, pauses.size());
        return new Report(
                done / seconds,
                Own.of(setup.image().pid()).since(startOwn, done),
                1e6 * (now[0] - startOthers[0]) / done,
                1e6 * (now[1] - startOthers[1]) / done,
                1e6 * (now[2] - startOthers[2]) / done,
                (trips() - startTrips) / done,
                pauses.size(),
                pauses.stream().mapToDouble(Double::doubleValue).max().orElse(0),
                ProcessStatistics.residentMegabytes(setup.image().pid()));
    }

    private static double[] others() throws IOException {
        double[] cpu = new double[PROGRAMS.size() + 1];
        for (int i = 0; i < PROGRAMS.size(); i++) {
            cpu[i] = ProcessStatistics.cpuSecondsOfChild(PROGRAMS.get(i));
        }
        cpu[PROGRAMS.size()] = ProcessStatistics.cpuSeconds(ProcessHandle.current().pid());
        return cpu;
    }

    /** Counts round trips: each one of the cache begins with WATCH or ends with EXEC or UNWATCH. */
    private long trips() {
        var client = DefaultJedisClientConfig.builder().resp2().build();
        try (Jedis jedis = new Jedis(new HostAndPort(redis.host(), redis.port()), client)) {
            return Arrays.stream(jedis.info("commandstats").split("\r\n"))
                    .filter(line -> line.matches("cmdstat_(watch|exec|unwatch):.*"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+).*", "$1")))
                    .sum();
        }
    }
}
