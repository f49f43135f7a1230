package loom.dispatch.benchmarks.process;

import loom.dispatch.servers.RedisServer;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs redis-benchmark as a process, on one connection. */
public final class RedisBenchmark {
    /** Enough requests for at least a tenth of a second. */
    private static final int REQUESTS_EACH = 20_000;

    private static final int MOST_REQUESTS = 200_000;

    private RedisBenchmark() {}

    /**
     * Runs redis-benchmark's plain tests.
     *
     * @param server the Redis under load
     * @param valueBytes size of a value
     * @param pipeline requests sent together, {@code -P}
     * @return requests per second by test
     * @throws IOException if it does not run or prints no result
     */
    public static Map<String, Double> run(RedisServer server, int valueBytes, int pipeline)
            throws IOException, InterruptedException {
        int requests = Math.min(MOST_REQUESTS, REQUESTS_EACH * pipeline);
        List<String> command =
                List.of(
                        "redis-benchmark -c 1 -r 10000 -t set,get,sadd,mset --csv -h %s -p %d -n %d -d %d -P %d"
                                .formatted(
                                        server.host(),
                                        server.port(),
                                        requests,
                                        valueBytes,
                                        pipeline)
                                .split(" "));
        Map<String, Double> rates = new LinkedHashMap<>();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader()) {
            out.lines()
                    .map(line -> line.replace("\"", "").split(","))
                    .filter(fields -> fields.length > 1 && fields[1].matches("[\\d.]+"))
                    .forEach(fields -> rates.put(fields[0], Double.valueOf(fields[1])));
        }
        if (process.waitFor() != 0 || rates.isEmpty()) {
            throw new IOException("redis-benchmark told no rates");
        }
        return rates;
    }
}
