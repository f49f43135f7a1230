package loom.dispatch.servers.redis;

import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.ServerSource;
import loom.dispatch.servers.process.DockerContainer;
import loom.dispatch.servers.process.ReadinessCheck;

import java.util.ArrayList;
import java.util.List;

/** Redis in a container. */
public final class RedisContainer implements RedisServer {
    public static final String IMAGE = "redis:8.2-alpine";

    private static final int PORT = 6379;

    private final DockerContainer container;
    private final String password;

    public RedisContainer(List<String> arguments) {
        password = RedisArguments.password(arguments);
        List<String> line = new ArrayList<>(List.of("redis-server"));
        line.addAll(RedisArguments.withPersistence(arguments));
        container = new DockerContainer(IMAGE, PORT, line, ReadinessCheck.REDIS);
    }

    @Override
    public ServerSource kind() {
        return ServerSource.CONTAINER;
    }

    @Override
    public String host() {
        return container.host();
    }

    @Override
    public int port() {
        return container.port();
    }

    @Override
    public String password() {
        return password;
    }

    @Override
    public boolean keepsData() {
        return true;
    }

    @Override
    public boolean isRunning() {
        return container.isRunning();
    }

    @Override
    public void start() {
        container.start();
    }

    @Override
    public void kill() {
        container.kill();
    }

    @Override
    public void stop() {
        container.stop();
    }

    @Override
    public void pause() {
        container.pause();
    }

    @Override
    public void resume() {
        container.resume();
    }

    /** Does nothing: Testcontainers removes a container after its owner has ended. */
    @Override
    public void keepUntilClosed() {}

    @Override
    public void close() {
        container.close();
    }
}
