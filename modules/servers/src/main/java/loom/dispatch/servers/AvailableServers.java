package loom.dispatch.servers;

import loom.dispatch.servers.rabbit.EmbeddedRabbit;
import loom.dispatch.servers.rabbit.RabbitCluster;
import loom.dispatch.servers.rabbit.RabbitContainer;
import loom.dispatch.servers.rabbit.RabbitInstallation;
import loom.dispatch.servers.rabbit.RabbitProcess;
import loom.dispatch.servers.redis.RedisBinary;
import loom.dispatch.servers.redis.RedisContainer;
import loom.dispatch.servers.redis.RedisProcess;

import org.testcontainers.DockerClientFactory;

import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The server sources that this machine offers. Starts servers from the best of them.
 *
 * @param docker whether a Docker engine answers
 * @param rabbitInstallation the installed RabbitMQ, if any
 * @param redisProgram the installed Redis, if any
 */
record AvailableServers(
        boolean docker,
        Optional<RabbitInstallation> rabbitInstallation,
        Optional<RedisBinary.Installed> redisProgram) {
    private static final Logger TESTCONTAINERS_LOG = Logger.getLogger("org.testcontainers");

    /** Asks for Docker only if it may be used, because that takes half a second. */
    static AvailableServers upTo(ServerSource best) {
        boolean docker = best == ServerSource.CONTAINER && dockerAnswers();
        return new AvailableServers(
                docker, RabbitInstallation.find(), RedisBinary.Installed.find());
    }

    private static boolean dockerAnswers() {
        // Testcontainers logs a full screen of errors if there is no Docker
        TESTCONTAINERS_LOG.setLevel(Level.OFF);
        boolean answers = DockerClientFactory.instance().isDockerAvailable();
        TESTCONTAINERS_LOG.setLevel(Level.WARNING);
        return answers;
    }

    ServerSource rabbit(ServerSource best) {
        return first(best, rabbitInstallation.isPresent());
    }

    ServerSource redis(ServerSource best) {
        return first(best, redisProgram.isPresent());
    }

    private ServerSource first(ServerSource best, boolean installed) {
        return switch (best) {
            case CONTAINER ->
                    docker ? ServerSource.CONTAINER : first(ServerSource.PROCESS, installed);
            case PROCESS -> installed ? ServerSource.PROCESS : ServerSource.EMBEDDED;
            case EMBEDDED -> ServerSource.EMBEDDED;
        };
    }

    /** Starts a new broker. */
    RabbitServer startRabbit(ServerSource kind) {
        return switch (kind) {
            case CONTAINER -> new RabbitContainer();
            case PROCESS -> new RabbitProcess(rabbitInstallation.orElseThrow());
            case EMBEDDED -> new EmbeddedRabbit();
        };
    }

    /** Starts a new RabbitMQ cluster; empty if RabbitMQ is not installed. */
    Optional<RabbitCluster> startRabbitCluster() {
        return rabbitInstallation.map(RabbitCluster::new);
    }

    /** Starts a new Redis. */
    RedisServer startRedis(ServerSource kind, List<String> arguments) {
        return switch (kind) {
            case CONTAINER -> new RedisContainer(arguments);
            case PROCESS -> new RedisProcess(redisProgram.orElseThrow(), arguments);
            case EMBEDDED -> new RedisProcess(new RedisBinary.Bundled(), arguments);
        };
    }

    /** For example {@code servers: RabbitMQ 3.10.8 as own process, Redis 7.0.15 embedded}. */
    String announcement(ServerSource rabbit, ServerSource redis) {
        String broker =
                switch (rabbit) {
                    case CONTAINER -> "RabbitMQ (" + RabbitContainer.IMAGE + ")";
                    case PROCESS -> "RabbitMQ " + rabbitInstallation.orElseThrow().version();
                    case EMBEDDED -> "Qpid " + EmbeddedRabbit.VERSION + " instead of RabbitMQ";
                };
        String store =
                switch (redis) {
                    case CONTAINER -> "Redis (" + RedisContainer.IMAGE + ")";
                    case PROCESS -> "Redis " + redisProgram.orElseThrow().version();
                    case EMBEDDED -> "Redis " + new RedisBinary.Bundled().version();
                };
        return "servers: %s %s, %s %s"
                .formatted(broker, rabbit.description(), store, redis.description());
    }
}
