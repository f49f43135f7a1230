package loom.dispatch.benchmarks;

import loom.dispatch.servers.RabbitServer;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ceiling of publishing: RabbitMQ's own PerfTest as a process of its own, with messages of the
 * same size and as many properties, the same flags, confirms, kind of queue and consumer.
 */
final class PerfTest {
    private static final Pattern CONFIRMED = Pattern.compile("confirmed: (\\d+) msg/s");
    private static final int WINDOW = 500;

    private PerfTest() {}

    /** The median of the rates confirmed in each second, the first third left out as warm-up. */
    static double confirmedPerSecond(RabbitServer rabbit, int bodyBytes, int producers, int seconds)
            throws IOException, InterruptedException {
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
                        Integer.toString(QueueReader.PREFETCH),
                        "-A",
                        Integer.toString(QueueReader.ACK_EVERY)));
        command.addAll(
                List.of(
                        "-mp",
                        "type=PRESENCE_UPDATE,messageId=load-0:1000000000,shard=0,seq=1000000000,"
                            + "session=load-0,guild_id=1089234567890123456,timestamp_in_ms=1764000000000"));
        command.addAll(List.of("-z", Integer.toString(seconds)));
        return median(run(command));
    }

    private static List<Double> run(List<String> command) throws IOException, InterruptedException {
        List<Double> rates = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                Matcher rate = CONFIRMED.matcher(line);
                if (rate.find()) {
                    rates.add(Double.parseDouble(rate.group(1)));
                }
            }
        }
        process.waitFor();
        if (rates.size() < 3) {
            throw new IOException("PerfTest told no rates:\n" + String.join("\n", lines));
        }
        return rates.subList(rates.size() / 3, rates.size());
    }

    private static double median(List<Double> rates) {
        List<Double> sorted = new ArrayList<>(rates);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
