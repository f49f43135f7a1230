package loom.dispatch.servers.process;

import com.github.dockerjava.api.DockerClient;

import loom.dispatch.servers.ServerFailure;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Runs a server in a container on a fixed host port and sends signals to it. */
public final class DockerContainer {
    private static final Duration START_LIMIT = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int STOP_LIMIT_SECONDS = 30;

    private final GenericContainer<?> container;
    private final DockerClient docker = DockerClientFactory.lazyClient();
    private final ReadinessCheck readiness;
    private final int port = FreePort.find();

    public DockerContainer(
            String image, int innerPort, List<String> command, ReadinessCheck readiness) {
        this.readiness = readiness;
        container = new GenericContainer<>(DockerImageName.parse(image));
        // Docker would choose another random host port after a restart
        container.setPortBindings(List.of(port + ":" + innerPort));
        if (!command.isEmpty()) {
            container.withCommand(command.toArray(String[]::new));
        }
        container.start();
        awaitReady();
    }

    public String host() {
        return container.getHost();
    }

    public int port() {
        return port;
    }

    public boolean isRunning() {
        return Boolean.TRUE.equals(
                docker.inspectContainerCmd(container.getContainerId())
                        .exec()
                        .getState()
                        .getRunning());
    }

    public void start() {
        docker.startContainerCmd(container.getContainerId()).exec();
        awaitReady();
    }

    public void kill() {
        docker.killContainerCmd(container.getContainerId()).exec();
    }

    public void stop() {
        docker.stopContainerCmd(container.getContainerId()).withTimeout(STOP_LIMIT_SECONDS).exec();
    }

    public void pause() {
        docker.pauseContainerCmd(container.getContainerId()).exec();
    }

    public void resume() {
        docker.unpauseContainerCmd(container.getContainerId()).exec();
    }

    /** Runs a program in the container and returns its output. */
    public String run(String... line) {
        try {
            var result = container.execInContainer(line);
            if (result.getExitCode() != 0) {
                throw new ServerFailure(Arrays.toString(line) + " failed: " + result);
            }
            return result.getStdout();
        } catch (IOException e) {
            throw new ServerFailure(Arrays.toString(line) + " cannot be run", e);
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted(e);
        }
    }

    public void close() {
        container.close();
    }

    private void awaitReady() {
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (!readiness.answers(host(), port)) {
            if (System.nanoTime() > deadlineNanos || !isRunning()) {
                throw new ServerFailure("the container is not ready\n" + container.getLogs());
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                throw ServerFailure.interrupted(e);
            }
        }
    }
}
