package loom.dispatch.benchmarks.load;

import loom.dispatch.benchmarks.BenchOptions;
import loom.dispatch.benchmarks.discord.CompressedTraffic;
import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.benchmarks.discord.ReplayGateway;
import loom.dispatch.benchmarks.discord.SendTimes;
import loom.dispatch.benchmarks.process.ImageUnderTest;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.simulator.TestCertificateAuthority;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** One run: a Discord that replays a recording, the image, and a consumer of its events. */
record BenchSetup(
        ReplayGateway discord, ImageUnderTest image, ConsumedEvents arrivals, Closeable consumer)
        implements AutoCloseable {
    /** A million members take minutes on a shared machine. */
    private static final long TIMEOUT_NANOS = 300_000_000_000L;

    private static final long POLL_MILLIS = 20;

    /** Starts all parts, and waits until every shard has its session. */
    static BenchSetup start(
            Servers servers,
            int shards,
            RecordedTraffic recording,
            CompressedTraffic traffic,
            Map<String, String> settings)
            throws IOException, TimeoutException, InterruptedException {
        var times = new SendTimes(shards);
        var discord = new ReplayGateway(shards, recording, traffic, times, servers.authority());
        var arrivals = new ConsumedEvents(shards, times);
        Optional<SinkBroker> sink =
                servers.rabbit().isPresent()
                        ? Optional.empty()
                        : Optional.of(new SinkBroker(arrivals));
        ImageUnderTest image =
                ImageUnderTest.start(
                        servers.image(),
                        servers.scratch(),
                        discord.apiUrl(),
                        servers.rabbit()
                                .map(RabbitServer::port)
                                .or(() -> sink.map(SinkBroker::port))
                                .orElseThrow(),
                        servers.redis(),
                        withTrust(settings, servers.authority()));
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (discord.shards().size() < shards) {
            image.requireRunning();
            if (System.nanoTime() > deadline) {
                image.close();
                throw new TimeoutException(
                        "only " + discord.shards().size() + " of " + shards + " shards are ready");
            }
            Thread.sleep(POLL_MILLIS);
        }
        return new BenchSetup(discord, image, arrivals, consumer(servers, sink, arrivals));
    }

    private static Closeable consumer(
            Servers servers, Optional<SinkBroker> sink, ConsumedEvents arrivals)
            throws IOException, TimeoutException {
        if (sink.isPresent()) {
            return sink.get();
        }
        return servers.read()
                ? new QueueConsumer(servers.rabbit().orElseThrow(), arrivals)
                : () -> {};
    }

    private static Map<String, String> withTrust(
            Map<String, String> settings, Optional<TestCertificateAuthority> authority) {
        Map<String, String> all = new HashMap<>(settings);
        authority.ifPresent(one -> all.put("JAVA_OPTS", one.trustOptions()));
        return all;
    }

    /**
     * The servers that all runs share.
     *
     * @param rabbit the broker; without it a {@link SinkBroker} takes the events
     * @param authority if present, the gateway uses TLS
     * @param read true if a consumer reads the queue
     */
    record Servers(
            Path image,
            Path scratch,
            Optional<RabbitServer> rabbit,
            RedisServer redis,
            Optional<TestCertificateAuthority> authority,
            boolean read) {
        static Servers plain(
                BenchOptions options, Optional<RabbitServer> rabbit, RedisServer redis) {
            return new Servers(
                    options.image(), options.scratch(), rabbit, redis, Optional.empty(), true);
        }

        /** Returns servers without a consumer, so that the queue grows. */
        static Servers unread(BenchOptions options, RabbitServer rabbit, RedisServer redis) {
            return new Servers(
                    options.image(),
                    options.scratch(),
                    Optional.of(rabbit),
                    redis,
                    Optional.empty(),
                    false);
        }
    }

    /** Waits until the consumer has received this many messages. */
    void awaitReceived(long messages) throws IOException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (arrivals.received() < messages) {
            image.requireRunning();
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(
                        "only " + arrivals.received() + " of " + messages + " messages came");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        image.close();
        consumer.close();
        discord.close();
    }
}
