package loom.dispatch.servers.redis;

import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.ServerSource;
import loom.dispatch.servers.process.ChildProcess;
import loom.dispatch.servers.process.ExitCleanup;
import loom.dispatch.servers.process.FreePort;
import loom.dispatch.servers.process.ReadinessCheck;
import loom.dispatch.servers.process.TemporaryDirectory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A redis-server, installed or bundled, as a child process. */
public final class RedisProcess implements RedisServer {
    /** Typically 40 ms; loading a large append-only file takes longer. */
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final ServerSource kind;
    private final TemporaryDirectory directory = TemporaryDirectory.create("redis");
    private final int port = FreePort.find();
    private final String password;
    private final ChildProcess process;
    private final ExitCleanup exitHook = new ExitCleanup("redis", this::discard);

    public RedisProcess(RedisBinary program, List<String> arguments) {
        kind =
                switch (program) {
                    case RedisBinary.Installed _ -> ServerSource.PROCESS;
                    case RedisBinary.Bundled _ -> ServerSource.EMBEDDED;
                };
        password = RedisArguments.password(arguments);
        Path path = program.place(directory);
        List<String> line = new ArrayList<>(List.of(path.toString()));
        line.addAll(List.of("--port", Integer.toString(port), "--bind", host()));
        line.addAll(List.of("--dir", directory.path().toString()));
        line.addAll(RedisArguments.withPersistence(arguments));
        process = new ChildProcess("redis", line, Map.of("LANG", "C.UTF-8"), directory);
        start();
    }

    @Override
    public ServerSource kind() {
        return kind;
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
    public String password() {
        return password;
    }

    @Override
    public boolean keepsData() {
        return true;
    }

    @Override
    public boolean isRunning() {
        return process.isRunning();
    }

    @Override
    public void start() {
        process.start(() -> ReadinessCheck.REDIS.answers(host(), port), START_LIMIT);
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
