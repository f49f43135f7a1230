package loom.dispatch.servers.rabbit;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.ServerFailure;
import loom.dispatch.servers.ServerSource;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.process.ChildProcess;
import loom.dispatch.servers.process.ExitCleanup;
import loom.dispatch.servers.process.FreePort;
import loom.dispatch.servers.process.ReadinessCheck;
import loom.dispatch.servers.process.TemporaryDirectory;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Apache Qpid Broker-J in its own JVM, for machines without RabbitMQ. It is an AMQP 0-9-1 server
 * over TCP that keeps all messages in memory and loses them when it ends.
 *
 * <p>The own JVM lets tests kill and freeze the broker. It also keeps the broker alive on Ctrl-C
 * until its owner has drained it.
 */
public final class EmbeddedRabbit implements RabbitServer {
    /** The released Qpid on the class path. */
    public static final String VERSION = "10.1.0";

    /** Typically 2 s on two cores; the machine may be busy. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);

    private final TemporaryDirectory directory = TemporaryDirectory.create("qpid");
    private final int port = FreePort.find();
    private final ChildProcess process;
    private final AtomicInteger virtualHosts = new AtomicInteger();
    private final ExitCleanup exitHook = new ExitCleanup("qpid", this::discard);

    public EmbeddedRabbit() {
        List<String> line =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "--class-path",
                        classPath(),
                        QpidBroker.class.getName(),
                        Integer.toString(port),
                        directory.path().toString());
        process = new ChildProcess("qpid", line, Map.of("LANG", "C.UTF-8"), directory);
        start();
    }

    /** The class path and the module path of this JVM: Qpid may be on either. */
    private static String classPath() {
        String modulePath = System.getProperty("jdk.module.path", "");
        return System.getProperty("java.class.path") + File.pathSeparator + modulePath;
    }

    @Override
    public ServerSource kind() {
        return ServerSource.EMBEDDED;
    }

    @Override
    public String host() {
        return "127.0.0.1";
    }

    @Override
    public int port() {
        return port;
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
        return false;
    }

    @Override
    public boolean keepsData() {
        return false;
    }

    @Override
    public boolean isRunning() {
        return process.isRunning();
    }

    @Override
    public void start() {
        Path ready = directory.path().resolve(QpidBroker.READY_FILE);
        try {
            Files.deleteIfExists(ready);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.start(
                () -> Files.exists(ready) && ReadinessCheck.AMQP.answers(host(), port),
                START_LIMIT);
    }

    @Override
    public void kill() {
        process.kill();
    }

    @Override
    public void stop() {
        process.stop();
    }

    @Override
    public void pause() {
        process.pause();
    }

    @Override
    public void resume() {
        process.resume();
    }

    @Override
    public String rabbitmqctl(String... arguments) {
        throw new ServerFailure("Qpid has no rabbitmqctl");
    }

    @Override
    public VirtualHost newVirtualHost() {
        String name = "test-" + virtualHosts.incrementAndGet();
        process.writeLine(name);
        Eventually.await(
                "virtual host " + name,
                COMMAND_LIMIT,
                process::log,
                () -> process.log().lines().toList().contains(QpidBroker.CREATED + name));
        return new VirtualHost(host(), port, user(), password(), name);
    }

    @Override
    public void keepUntilClosed() {
        exitHook.cancel();
    }

    @Override
    public void close() {
        exitHook.cancel();
        discard();
    }

    private void discard() {
        process.kill();
        directory.delete();
    }
}
