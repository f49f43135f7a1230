package loom.dispatch.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import loom.dispatch.servers.rabbit.RabbitInstallation;
import loom.dispatch.servers.rabbit.RabbitProcess;
import loom.dispatch.servers.redis.RedisBinary;
import loom.dispatch.servers.redis.RedisProcess;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.util.List;

/** Tests of installed servers as child processes; skipped if not installed. */
final class ProcessServersTest {
    private static RabbitProcess rabbit() {
        var installation = RabbitInstallation.find();
        assumeTrue(installation.isPresent(), "RabbitMQ is not installed");
        return new RabbitProcess(installation.orElseThrow());
    }

    private static RedisProcess redis(String... arguments) {
        var program = RedisBinary.Installed.find();
        assumeTrue(program.isPresent(), "Redis is not installed");
        return new RedisProcess(program.orElseThrow(), List.of(arguments));
    }

    @Test
    void rabbitKeepsMessagesThroughKillAndStop() throws Exception {
        try (var rabbit = rabbit()) {
            assertTrue(rabbit.isRabbitMq());
            assertTrue(rabbit.keepsData());
            RabbitServerTests.virtualHostsAreIsolated(rabbit);
            RabbitServerTests.repliesAgainAfterPause(rabbit);
            RabbitServerTests.restartsOnItsPortAfterKillAndStop(rabbit);
            assertTrue(rabbit.rabbitmqctl("list_queues", "name").contains("kept"));
        }
    }

    @Test
    void closedRabbitLeavesNoProcessAndNoDirectory() {
        // the shared broker may already run and continues
        List<ProcessHandle> others = ProcessHandle.current().descendants().toList();
        var rabbit = rabbit();
        List<ProcessHandle> started =
                ProcessHandle.current()
                        .descendants()
                        .filter(process -> !others.contains(process))
                        .toList();
        assertFalse(started.isEmpty());
        assertTrue(Files.isDirectory(rabbit.directory()));
        rabbit.close();
        rabbit.close();
        Eventually.await(
                "end of " + started, () -> started.stream().noneMatch(ProcessHandle::isAlive));
        assertFalse(Files.exists(rabbit.directory()));
    }

    @Test
    void redisKeepsAcknowledgedWritesThroughKillAndStop() {
        try (var redis = redis()) {
            assertEquals(ServerSource.PROCESS, redis.kind());
            RedisServerTests.repliesAgainAfterPause(redis);
            RedisServerTests.keepsAcknowledgedWritesThroughKillAndStop(redis);
        }
    }

    @Test
    void redisAcceptsFurtherArguments() {
        try (var redis = redis("--requirepass", "secret", "--cluster-enabled", "yes")) {
            assertEquals("secret", redis.password());
            try (var jedis = RedisServerTests.connect(redis)) {
                assertTrue(jedis.clusterInfo().contains("cluster_state:fail"));
            }
        }
    }
}
