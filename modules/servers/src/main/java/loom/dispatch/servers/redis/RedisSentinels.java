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
 * A Redis with two replicas and three Sentinels, as local processes. A replica takes over about two
 * seconds after the master has died.
 */
public final class RedisSentinels implements AutoCloseable {
    /** The name of the master in the Sentinel configuration. */
    public static final String MASTER = "mymaster";

    private static final int REPLICAS = 2;
    private static final int SENTINELS = 3;
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final List<RedisProcess> servers = new ArrayList<>();
    private final List<Sentinel> sentinels = new ArrayList<>();
    private final ExitCleanup exitHook = new ExitCleanup("redis-sentinels", this::endSentinels);

    /** One Sentinel, which saves its state in its configuration file. */
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
            process.start(() -> ReadinessCheck.REDIS.answers("127.0.0.1", port), START_LIMIT);
            return new Sentinel(port, directory, process);
        }

        void end() {
            process.kill();
            directory.delete();
        }
    }

    private RedisSentinels() {}

    /** Starts all servers and Sentinels and waits until the Sentinels have found them. */
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

    /** Host and port of each Sentinel. */
    public List<String> addresses() {
        return sentinels.stream().map(one -> "127.0.0.1:" + one.port()).toList();
    }

    /** Sets a password of the Sentinels; the servers keep theirs. */
    public void requirePassword(String password) {
        for (Sentinel sentinel : sentinels) {
            RedisCommandSocket.send(sentinel.port(), "ACL SETUSER default resetpass >" + password);
        }
    }

    /** The current master. */
    public RedisServer master() {
        return servers.stream()
                .filter(one ->
                        RedisCommandSocket.replyContains(
                                one.port(), "INFO replication", "role:master"))
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
                    () ->
                            RedisCommandSocket.replyContains(
                                    sentinel.port(), "INFO sentinel", complete));
        }
        for (RedisProcess replica : servers.subList(1, servers.size())) {
            Eventually.await(
                    "the replica's link",
                    () ->
                            RedisCommandSocket.replyContains(
                                    replica.port(), "INFO replication", "master_link_status:up"));
        }
    }
}
