package loom.dispatch.servers.redis;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.ServerFailure;
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

/**
 * A Redis with two replicas, watched by three sentinels, as processes of this machine. A replica
 * takes over about two seconds after the master's end.
 */
public final class RedisSentinels implements AutoCloseable {
    /** The master's name among the sentinels. */
    public static final String MASTER = "mymaster";

    private static final int REPLICAS = 2;
    private static final int SENTINELS = 3;
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private final List<RedisProcess> servers = new ArrayList<>();
    private final List<Sentinel> sentinels = new ArrayList<>();
    private final ExitCleanup exitHook = new ExitCleanup("redis-sentinels", this::endSentinels);

    /** One watcher; it keeps what it learns in its configuration file. */
    private record Sentinel(int port, TemporaryDirectory directory, ChildProcess process) {
        static Sentinel start(RedisBinary program, int masterPort) {
            TemporaryDirectory directory = TemporaryDirectory.create("sentinel");
            int port = FreePort.find();
            Path file =
                    directory.write(
                            "sentinel.conf",
                            """
                            port %d
                            bind 127.0.0.1
                            dir %s
                            sentinel monitor %3$s 127.0.0.1 %4$d 2
                            sentinel down-after-milliseconds %3$s 1000
                            sentinel failover-timeout %3$s 5000
                            """
                                    .formatted(port, directory.path(), MASTER, masterPort));
            var process =
                    new ChildProcess(
                            "sentinel",
                            List.of(
                                    program.place(directory).toString(),
                                    file.toString(),
                                    "--sentinel"),
                            Map.of("LANG", "C.UTF-8"),
                            directory);
            process.start(() -> ReadinessCheck.REDIS.answers("127.0.0.1", port), START_PATIENCE);
            return new Sentinel(port, directory, process);
        }

        void end() {
            process.kill();
            directory.delete();
        }
    }

    private RedisSentinels() {}

    /** Starts everything and waits until all know each other. */
    public static RedisSentinels start() {
        var group = new RedisSentinels();
        try {
            group.form(RedisBinary.best());
            return group;
        } catch (RuntimeException e) {
            group.close();
            throw e;
        }
    }

    /** Host and port of every sentinel, as a client's list. */
    public List<String> addresses() {
        return sentinels.stream().map(one -> "127.0.0.1:" + one.port()).toList();
    }

    /** From now on the sentinels want a password, which is not the servers'. */
    public void requirePassword(String password) {
        for (Sentinel sentinel : sentinels) {
            RedisCommandSocket.say(sentinel.port(), "ACL SETUSER default resetpass >" + password);
        }
    }

    /** The server that is the master now. */
    public RedisServer master() {
        return servers.stream()
                .filter(one ->
                        RedisCommandSocket.says(one.port(), "INFO replication", "role:master"))
                .findFirst()
                .orElseThrow(() -> new ServerFailure("there is no master"));
    }

    @Override
    public void close() {
        exitHook.cancel();
        endSentinels();
        servers.forEach(RedisProcess::close);
    }

    private void endSentinels() {
        sentinels.forEach(Sentinel::end);
    }

    private void form(RedisBinary program) {
        servers.add(new RedisProcess(program, List.of("--repl-diskless-sync-delay", "0")));
        int master = servers.getFirst().port();
        for (int i = 0; i < REPLICAS; i++) {
            servers.add(new RedisProcess(program, List.of("--replicaof", "127.0.0.1 " + master)));
        }
        for (int i = 0; i < SENTINELS; i++) {
            sentinels.add(Sentinel.start(program, master));
        }
        String complete =
                "status=ok,address=127.0.0.1:%d,slaves=%d,sentinels=%d"
                        .formatted(master, REPLICAS, SENTINELS);
        for (Sentinel sentinel : sentinels) {
            Eventually.await(
                    "the sentinels' agreement",
                    () -> RedisCommandSocket.says(sentinel.port(), "INFO sentinel", complete));
        }
        for (RedisProcess replica : servers.subList(1, servers.size())) {
            Eventually.await(
                    "the replica's link",
                    () ->
                            RedisCommandSocket.says(
                                    replica.port(), "INFO replication", "master_link_status:up"));
        }
    }
}
