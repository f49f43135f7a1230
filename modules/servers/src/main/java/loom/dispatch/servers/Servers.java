package loom.dispatch.servers;

import loom.dispatch.servers.rabbit.EmbeddedRabbit;
import loom.dispatch.servers.rabbit.RabbitCluster;
import loom.dispatch.servers.redis.RedisBinary;
import loom.dispatch.servers.redis.RedisProcess;

import java.util.List;
import java.util.Optional;

/**
 * Starts RabbitMQ and Redis for a test, from the best source this machine has: a container where
 * Docker answers, an own process where the program is installed, else the embedded stand-in. What
 * was taken is printed once, in a line that begins with {@code servers:}.
 *
 * <p>The system property {@code servers}, or else the environment variable {@code SERVERS}, says
 * where to begin in that order: {@code container} (the default), {@code process} or {@code
 * embedded}.
 */
public final class Servers {
    private Servers() {}

    /** Chosen when first used, and the same for the whole JVM. */
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

    /** Started when first used; the exit hook of the server ends it. */
    private static final class Shared {
        static final RabbitServer RABBIT = rabbit();
    }

    /** Starts a broker of the caller's own, empty, for what would disturb others; takes seconds. */
    public static RabbitServer rabbit() {
        return Choice.AVAILABLE.startRabbit(Choice.AVAILABLE.rabbit(Choice.BEST));
    }

    /**
     * The one broker that all tests of this JVM share; each takes a {@link
     * RabbitServer#newVirtualHost} of its own. It may neither be ended nor frozen, nor closed: it
     * ends with the JVM.
     */
    public static RabbitServer sharedRabbit() {
        return Shared.RABBIT;
    }

    /**
     * Starts three nodes of RabbitMQ as one cluster of the caller's own; takes some twenty seconds.
     *
     * @return empty where RabbitMQ is not installed
     */
    public static Optional<RabbitCluster> rabbitCluster() {
        return Choice.AVAILABLE.startRabbitCluster();
    }

    /**
     * Starts an empty Redis; takes less than a tenth of a second, except in a container.
     *
     * @param arguments for redis-server, for example {@code --requirepass secret}; they win over
     *     ours ({@code --appendonly yes --appendfsync always})
     */
    public static RedisServer redis(String... arguments) {
        return Choice.AVAILABLE.startRedis(Choice.AVAILABLE.redis(Choice.BEST), List.of(arguments));
    }

    /**
     * Starts a Redis as a process of this machine even where Docker answers, for what reads files
     * or makes them, such as certificates and Unix sockets.
     *
     * @param arguments as for {@link #redis}
     */
    public static RedisServer redisHere(String... arguments) {
        return new RedisProcess(RedisBinary.best(), List.of(arguments));
    }

    /** Starts the broker that needs nothing installed, in a JVM of its own; takes two seconds. */
    public static RabbitServer embeddedRabbit() {
        return new EmbeddedRabbit();
    }

    /** Starts the Redis that needs nothing installed; arguments as for {@link #redis}. */
    public static RedisServer embeddedRedis(String... arguments) {
        return new RedisProcess(new RedisBinary.Carried(), List.of(arguments));
    }
}
