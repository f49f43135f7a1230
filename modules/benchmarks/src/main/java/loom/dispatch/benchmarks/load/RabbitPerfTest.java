package loom.dispatch.benchmarks.load;

import loom.dispatch.servers.RabbitServer;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs RabbitMQ's PerfTest as a process, as the upper bound of publishing. It uses the same message
 * size, number of properties, flags, confirms, queue type and consumer.
 */
final class RabbitPerfTest {
    private static final Pattern CONFIRMED = Pattern.compile("confirmed: (\\d+) msg/s");

    /** PerfTest prints the minimum, the median and three percentiles each second. */
    private static final Pattern CONSUMER_LATENCY =
            Pattern.compile(
                    "consumer latency: \\d+/(?<median>\\d+)/\\d+/\\d+/(?<p99>\\d+) (?<unit>[mµ]s)");

    private static final int WINDOW = 500;

    private RabbitPerfTest() {}

    /** Returns the median of the confirmed rates per second, without the first third as warm-up. */
    static double confirmedPerSecond(RabbitServer rabbit, int bodyBytes, int producers, int seconds)
            throws IOException, InterruptedException {
        List<Matcher> told = run(command(rabbit, bodyBytes, producers, seconds), CONFIRMED);
        return median(told.stream().map(rate -> Double.parseDouble(rate.group(1))).toList());
    }

    /**
     * Latency from publish to consumer at a steady rate, in milliseconds: medians of the values of
     * each second, without the first third.
     */
    record Latency(double p50, double p99) {
        @Override
        public String toString() {
            return "p50 %.2f  p99 %.2f ms (medians of seconds)".formatted(p50, p99);
        }
    }

    static Latency latency(RabbitServer rabbit, int bodyBytes, double perSecond, int seconds)
            throws IOException, InterruptedException {
        List<String> command = command(rabbit, bodyBytes, 1, seconds);
        command.addAll(List.of("-r", Long.toString(Math.round(perSecond))));
        List<Matcher> told = run(command, CONSUMER_LATENCY);
        return new Latency(
                median(told.stream().map(one -> millis(one, "median")).toList()),
                median(told.stream().map(one -> millis(one, "p99")).toList()));
    }

    private static double millis(Matcher told, String value) {
        return Long.parseLong(told.group(value)) / (told.group("unit").equals("ms") ? 1.0 : 1e3);
    }

    private static List<String> command(
            RabbitServer rabbit, int bodyBytes, int producers, int seconds) {
        String name = "perf-test-" + System.nanoTime();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--class-path",
                                System.getProperty("java.class.path"),
                                "com.rabbitmq.perf.PerfTest"));
        command.addAll(List.of("-h", "amqp://guest:guest@" + rabbit.host() + ":" + rabbit.port()));
        command.addAll(List.of("-x", Integer.toString(producers), "-y", "1"));
        command.addAll(List.of("-e", name, "-t", "topic", "-u", name, "-k", "PRESENCE_UPDATE"));
        command.addAll(List.of("-ad", "false", "-f", "persistent", "-f", "mandatory"));
        command.addAll(List.of("-c", Integer.toString(WINDOW), "-s", Integer.toString(bodyBytes)));
        command.addAll(
                List.of(
                        "-q",
                        Integer.toString(QueueConsumer.PREFETCH),
                        "-A",
                        Integer.toString(QueueConsumer.ACK_EVERY)));
        command.addAll(
                List.of(
                        "-mp",
                        "type=PRESENCE_UPDATE,messageId=load-0:1000000000,shard=0,seq=1000000000,"
                            + "session=load-0,guild_id=1089234567890123456,timestamp_in_ms=1764000000000"));
        command.addAll(List.of("-z", Integer.toString(seconds)));
        return command;
    }

    /** Returns the matching lines of each second. */
    private static List<Matcher> run(List<String> command, Pattern wanted)
            throws IOException, InterruptedException {
        List<Matcher> told = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                Matcher found = wanted.matcher(line);
                if (found.find()) {
                    told.add(found);
                }
            }
        }
        process.waitFor();
        if (told.size() < 3) {
            throw new IOException("PerfTest told too little:\n" + String.join("\n", lines));
        }
        return told.subList(told.size() / 3, told.size());
    }

    private static double median(List<Double> rates) {
        List<Double> sorted = new ArrayList<>(rates);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
