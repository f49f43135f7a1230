package loom.dispatch.servers;

import org.testcontainers.DockerClientFactory;

import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What this machine offers, looked for once, and which kinds are taken.
 *
 * @param rabbitInstallation where RabbitMQ's programs are, if installed
 * @param redisProgram where Redis is, if installed
 */
record Available(
        boolean docker,
        Optional<RabbitInstallation> rabbitInstallation,
        Optional<RedisProgram.Installed> redisProgram) {
    private static final Logger TESTCONTAINERS_LOG = Logger.getLogger("org.testcontainers");

    /** Looks for the best only, because asking for Docker costs half a second. */
    static Available upTo(Kind best) {
        boolean docker = best == Kind.CONTAINER && dockerAnswers();
        return new Available(docker, RabbitInstallation.find(), RedisProgram.Installed.find());
    }

    private static boolean dockerAnswers() {
        // no Docker is no error here, and what it prints about that fills a screen
        TESTCONTAINERS_LOG.setLevel(Level.OFF);
        boolean answers = DockerClientFactory.instance().isDockerAvailable();
        TESTCONTAINERS_LOG.setLevel(Level.WARNING);
        return answers;
    }

    Kind rabbit(Kind best) {
        return first(best, rabbitInstallation.isPresent());
    }

    Kind redis(Kind best) {
        return first(best, redisProgram.isPresent());
    }

    private Kind first(Kind best, boolean installed) {
        return switch (best) {
            case CONTAINER -> docker ? Kind.CONTAINER : first(Kind.PROCESS, installed);
            case PROCESS -> installed ? Kind.PROCESS : Kind.EMBEDDED;
            case EMBEDDED -> Kind.EMBEDDED;
        };
    }

    /** A new broker of that kind, running. */
    RabbitServer startRabbit(Kind kind) {
        return switch (kind) {
            case CONTAINER -> new RabbitContainer();
            case PROCESS -> new RabbitProcess(rabbitInstallation.orElseThrow());
            case EMBEDDED -> new EmbeddedRabbit();
        };
    }

    /** A new cluster of installed programs, running; empty where none is installed. */
    Optional<RabbitCluster> startRabbitCluster() {
        return rabbitInstallation.map(RabbitCluster::new);
    }

    /** A new Redis of that kind, running. */
    RedisServer startRedis(Kind kind, List<String> arguments) {
        return switch (kind) {
            case CONTAINER -> new RedisContainer(arguments);
            case PROCESS -> new RedisProcess(redisProgram.orElseThrow(), arguments);
            case EMBEDDED -> new RedisProcess(new RedisProgram.Carried(), arguments);
        };
    }

    /** For example {@code servers: RabbitMQ 3.10.8 as own process, Redis 7.0.15 embedded}. */
    String announcement(Kind rabbit, Kind redis) {
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
                    case EMBEDDED -> "Redis " + new RedisProgram.Carried().version();
                };
        return "servers: %s %s, %s %s"
                .formatted(broker, rabbit.description(), store, redis.description());
    }
}
