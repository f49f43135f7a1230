package loom.dispatch.servers.rabbit;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.ServerSource;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.process.DockerContainer;
import loom.dispatch.servers.process.ReadinessCheck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** RabbitMQ in a container. */
public final class RabbitContainer implements RabbitServer {
    public static final String IMAGE = "rabbitmq:4.1-alpine";

    private static final int PORT = 5672;

    private final DockerContainer container =
            new DockerContainer(IMAGE, PORT, List.of(), ReadinessCheck.AMQP);
    private final AtomicInteger virtualHosts = new AtomicInteger();

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
    public String user() {
        return "guest";
    }

    @Override
    public String password() {
        return "guest";
    }

    @Override
    public boolean isRabbitMq() {
        return true;
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

    @Override
    public String rabbitmqctl(String... arguments) {
        List<String> line = new ArrayList<>(List.of("rabbitmqctl"));
        line.addAll(List.of(arguments));
        return container.run(line.toArray(String[]::new));
    }

    @Override
    public VirtualHost newVirtualHost() {
        String name = "test-" + virtualHosts.incrementAndGet();
        rabbitmqctl("add_vhost", name);
        rabbitmqctl("set_permissions", "-p", name, user(), ".*", ".*", ".*");
        return new VirtualHost(host(), port(), user(), password(), name);
    }

    /** Does nothing: Testcontainers removes a container after its owner has ended. */
    @Override
    public void keepUntilClosed() {}

    @Override
    public void close() {
        container.close();
    }
}
