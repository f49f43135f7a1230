package loom.dispatch.servers.rabbit;

import loom.dispatch.servers.RabbitServer;
import loom.dispatch.servers.ServerSource;
import loom.dispatch.servers.VirtualHost;
import loom.dispatch.servers.process.ChildProcess;
import loom.dispatch.servers.process.ExitCleanup;
import loom.dispatch.servers.process.FreePort;
import loom.dispatch.servers.process.ReadinessCheck;
import loom.dispatch.servers.process.ShellCommand;
import loom.dispatch.servers.process.TemporaryDirectory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An installed RabbitMQ as a child process, with its own directory and epmd. */
public final class RabbitProcess implements RabbitServer {
    /** Typically 6 s on two cores; the machine may be busy. */
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private static final Duration EPMD_LIMIT = Duration.ofSeconds(10);

    private final RabbitInstallation installation;
    private final TemporaryDirectory directory = TemporaryDirectory.create("rabbitmq");
    private final int port = FreePort.find();
    private final String nodeName;
    private final int epmdPort;
    private final ChildProcess epmd;
    private final ChildProcess node;
    private final AtomicInteger virtualHosts = new AtomicInteger();
    private final ExitCleanup exitHook = new ExitCleanup("rabbitmq", this::discard);

    public RabbitProcess(RabbitInstallation installation) {
        this(installation, "loom@localhost", FreePort.find(), "");
        start();
    }

    /**
     * Prepares a node but does not start it.
     *
     * @param epmdPort the port of the cluster's epmd, which the first node starts
     * @param settings further lines of rabbitmq.conf
     */
    RabbitProcess(RabbitInstallation installation, String nodeName, int epmdPort, String settings) {
        this.installation = installation;
        this.nodeName = nodeName;
        this.epmdPort = epmdPort;
        configure(settings);
        Map<String, String> environment = environment();
        // an epmd that RabbitMQ starts would outlive it
        var epmdLine = List.of("epmd", "-port", Integer.toString(epmdPort), "-address", host());
        epmd = new ChildProcess("epmd", onSearchPath(epmdLine), environment, directory);
        node =
                new ChildProcess(
                        "rabbitmq",
                        installation.command("rabbitmq-server"),
                        environment,
                        directory);
    }

    private void configure(String settings) {
        Path cookie = directory.write("home/.erlang.cookie", "LOOMDISPATCHTESTS");
        try {
            Files.setPosixFilePermissions(cookie, PosixFilePermissions.fromString("r--------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        directory.write("enabled_plugins", "[].\n");
        directory.write(
                "rabbitmq.conf",
                """
                listeners.tcp.1 = 127.0.0.1:%d
                loopback_users = none
                log.console = true
                log.file = false
                vm_memory_high_watermark.absolute = 1GB
                disk_free_limit.absolute = 50MB
                """
                                .formatted(port)
                        + settings);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", installation.searchPath());
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", directory.resolve("home").toString());
        environment.put("ERL_EPMD_PORT", Integer.toString(epmdPort));
        environment.put("ERL_EPMD_ADDRESS", host());
        environment.put("RABBITMQ_NODENAME", nodeName);
        environment.put("RABBITMQ_NODE_PORT", Integer.toString(port));
        environment.put("RABBITMQ_NODE_IP_ADDRESS", host());
        environment.put("RABBITMQ_DIST_PORT", Integer.toString(FreePort.find()));
        environment.put("RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString());
        environment.put("RABBITMQ_LOG_BASE", directory.resolve("log").toString());
        environment.put("RABBITMQ_CONFIG_FILE", directory.resolve("rabbitmq").toString());
        environment.put("RABBITMQ_ADVANCED_CONFIG_FILE", directory.resolve("advanced").toString());
        environment.put("RABBITMQ_CONF_ENV_FILE", directory.resolve("none").toString());
        environment.put(
                "RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("enabled_plugins").toString());
        environment.put("RABBITMQ_PID_FILE", directory.resolve("pid").toString());
        environment.put(
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                "-kernel inet_dist_use_interface {127,0,0,1}");
        // makes the script exec the broker, so that the child process is not a shell
        environment.put("RUNNING_UNDER_SYSTEMD", "true");
        return environment;
    }

    /** Resolves the program's path. ProcessBuilder would search the PATH of this JVM. */
    private List<String> onSearchPath(List<String> line) {
        for (String bin : installation.searchPath().split(java.io.File.pathSeparator)) {
            Path program = Path.of(bin, line.getFirst());
            if (Files.isExecutable(program)) {
                List<String> found = new ArrayList<>(line);
                found.set(0, program.toString());
                return found;
            }
        }
        return line;
    }

    /** The directory of all files that the broker writes. */
    public Path directory() {
        return directory.path();
    }

    @Override
    public ServerSource kind() {
        return ServerSource.PROCESS;
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
        return true;
    }

    @Override
    public boolean keepsData() {
        return true;
    }

    @Override
    public boolean isRunning() {
        return node.isRunning();
    }

    @Override
    public void start() {
        startEpmd();
        node.start(() -> ReadinessCheck.AMQP.answers(host(), port), START_LIMIT);
    }

    /** Starts epmd, unless a node of the same cluster has started it. */
    void startEpmd() {
        if (!ReadinessCheck.ACCEPTING.answers(host(), epmdPort)) {
            epmd.start(() -> ReadinessCheck.ACCEPTING.answers(host(), epmdPort), EPMD_LIMIT);
        }
    }

    @Override
    public void kill() {
        node.kill();
    }

    @Override
    public void stop() {
        node.stop();
    }

    @Override
    public void pause() {
        node.pause();
    }

    @Override
    public void resume() {
        node.resume();
    }

    @Override
    public String rabbitmqctl(String... arguments) {
        List<String> line = new ArrayList<>(installation.command("rabbitmqctl"));
        line.addAll(List.of(arguments));
        return ShellCommand.run(line, environment());
    }

    @Override
    public VirtualHost newVirtualHost() {
        String name = "test-" + virtualHosts.incrementAndGet();
        // one rabbitmqctl run for host and permissions: most of its time is the start
        Path definitions =
                directory.write(
                        name + ".json",
                        """
                        {"vhosts": [{"name": "%1$s"}],
                         "permissions": [{"user": "%2$s", "vhost": "%1$s",
                                          "configure": ".*", "write": ".*", "read": ".*"}]}
                        """
                                .formatted(name, user()));
        rabbitmqctl("import_definitions", definitions.toString());
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
        node.kill();
        epmd.kill();
        directory.delete();
    }
}
