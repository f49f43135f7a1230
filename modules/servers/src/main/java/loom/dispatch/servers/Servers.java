package loom.dispatch.servers;

import loom.dispatch.servers.rabbit.EmbeddedRabbit;
import loom.dispatch.servers.rabbit.RabbitCluster;
import loom.dispatch.servers.redis.RedisBinary;
import loom.dispatch.servers.redis.RedisProcess;

import java.util.List;
import java.util.Optional;

/**
 * Starts RabbitMQ and Redis for tests and the demo, from the best source of this machine:
 *
 * <ol>
 *   <li>{@code container}: if a Docker engine answers
 *   <li>{@code process}: if the program is installed
 *   <li>{@code embedded}: Qpid and a bundled Redis
 * </ol>
 *
 * <p>The system property {@code servers} or the environment variable {@code SERVERS} names the
 * first source to try; the default is {@code container}. The first use prints one line that begins
 * with {@code servers:} and names the chosen sources.
 */
public final class Servers {
    private Servers() {}

    /** The sources for this JVM, chosen on first use. */
    private static final class Choice {
        static final ServerSource BEST = ServerSource.parse(setting());
        static final AvailableServers AVAILABLE = AvailableServers.upTo(BEST);

        static {
            System.out.println(
                    AVAILABLE.announcement(AVAILABLE.rabbit(BEST), AVAILABLE.redis(BEST)));
        }

        private static String setting() {
            String fallback =
                    System.getenv().getOrDefault("SERVERS", ServerSource.CONTAINER.name());
            return System.getProperty("servers", fallback);
        }
    }

    /** The shared broker, started on first use and killed at JVM exit. */
    private static final class Shared {
        static final RabbitServer RABBIT = rabbit();
    }

    /** Starts an empty broker for a test that kills or configures it; takes seconds. */
    public static RabbitServer rabbit() {
        return Choice.AVAILABLE.startRabbit(Choice.AVAILABLE.rabbit(Choice.BEST));
    }

    /**
     * The broker that all tests of this JVM share. Each test uses a new {@link
     * RabbitServer#newVirtualHost}. Do not stop, kill, freeze or close it; the JVM kills it at
     * exit.
     */
    public static RabbitServer sharedRabbit() {
        return Shared.RABBIT;
    }

    /**
     * Starts a RabbitMQ cluster of three nodes; takes about twenty seconds.
     *
     * @return empty if RabbitMQ is not installed
     */
    public static Optional<RabbitCluster> rabbitCluster() {
        return Choice.AVAILABLE.startRabbitCluster();
    }

    /**
     * Starts an empty Redis; takes less than a tenth of a second, except in a container.
     *
     * @param arguments for redis-server, for example {@code --requirepass secret}; they override
     *     the defaults {@code --appendonly yes --appendfsync always}
     */
    public static RedisServer redis(String... arguments) {
        return Choice.AVAILABLE.startRedis(Choice.AVAILABLE.redis(Choice.BEST), List.of(arguments));
    }

    /**
     * Starts a Redis as a local process even if Docker answers. Use it if Redis must read or create
     * local files, such as certificates and Unix sockets.
     *
     * @param arguments as for {@link #redis}
     */
    public static RedisServer redisProcess(String... arguments) {
        return new RedisProcess(RedisBinary.best(), List.of(arguments));
    }

    /** Starts the embedded broker in its own JVM; takes two seconds. */
    public static RabbitServer embeddedRabbit() {
        return new EmbeddedRabbit();
    }

    /** Starts the bundled Redis; arguments as for {@link #redis}. */
    public static RedisServer embeddedRedis(String... arguments) {
        return new RedisProcess(new RedisBinary.Bundled(), List.of(arguments));
    }
}
