package loom.dispatch.app.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.app.process.ProcessIdentity;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.cache.RedisClient;
import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.ShardLease;
import loom.dispatch.cache.ShardLeaseHolder;
import loom.dispatch.runtime.SupervisedThreads;
import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;
import loom.dispatch.servers.proxy.FaultProxy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Each shard is held by one process, and a second one stands by. */
final class ShardLeaseRenewalTest {
    private static final Duration LIFE = Duration.ofMillis(1_500);

    private final RedisServer server = Servers.redis();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final Queue<StartFailure> lost = new ConcurrentLinkedQueue<>();
    private RedisClient redis;

    @BeforeEach
    void connect() throws Exception {
        redis = RedisClient.connect(RedisConfig.standalone(server.host(), server.port()));
    }

    @AfterEach
    void disconnect() throws Exception {
        redis.close();
        server.close();
    }

    private ShardLeaseRenewal take(ShardLeaseHolder self) throws InterruptedException {
        return ShardLeaseRenewal.take(
                redis, self, LIFE, told::add, lost::add, SupervisedThreads.unsupervised());
    }

    private CompletableFuture<ShardLeaseRenewal> taking(ShardLeaseHolder self) {
        var taken = new CompletableFuture<ShardLeaseRenewal>();
        Thread.startVirtualThread(() -> {
            try {
                taken.complete(take(self));
            } catch (Throwable e) {
                taken.completeExceptionally(e);
            }
        });
        return taken;
    }

    private static ShardLeaseHolder elsewhere(int first, int last, int total) {
        return new ShardLeaseHolder("elsewhere", first, last, total, "far", "boot/1", 7, 1);
    }

    @Test
    void aSecondProcessStandsByAndTakesOverAsSoonAsTheFirstEnds() throws Exception {
        ShardLeaseRenewal first = take(ProcessIdentity.as(0, 3, 8));
        var second = taking(ProcessIdentity.as(2, 5, 8));
        Eventually.await("it says why it waits", () -> !told.isEmpty());
        assertTrue(told.peek().startsWith("shards 0 to 3 of 8 are held by process "), told::peek);
        try (ShardLeaseRenewal neighbour = take(ProcessIdentity.as(6, 7, 8))) {
            assertTrue(neighbour.held());
        }
        Eventually.await("longer than a lease", () -> told.size() > 6);
        assertFalse(second.isDone(), "the first renews its lease");
        assertTrue(first.held());
        long closed = System.nanoTime();
        first.close();
        try (ShardLeaseRenewal now = second.get(5, TimeUnit.SECONDS)) {
            assertTrue(now.held());
            assertTrue(System.nanoTime() - closed < LIFE.toNanos(), "not only when it expired");
        }
    }

    @Test
    void aProcessThatDiedHereIsNotWaitedFor() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        ShardLeaseHolder self = ProcessIdentity.as(0, 0, 1);
        ShardLeaseHolder gone =
                new ShardLeaseHolder(
                        "gone", 0, 0, 1, self.host(), self.scope(), dead.pid(), self.startMillis());
        new ShardLease(redis, gone, Duration.ofMinutes(5)).take(Set.of());
        try (ShardLeaseRenewal taken = take(self)) {
            assertTrue(taken.held());
            assertTrue(told.isEmpty(), told::toString);
        }
    }

    @Test
    void whoWasAwayForTooLongIsToldThatItsShardsAreAnothers() throws Exception {
        try (var proxy = new FaultProxy(server.host(), server.port());
                RedisClient far =
                        RedisClient.connect(RedisConfig.standalone(proxy.host(), proxy.port()))) {
            ShardLeaseRenewal first =
                    ShardLeaseRenewal.take(
                            far,
                            ProcessIdentity.as(0, 0, 1),
                            LIFE,
                            told::add,
                            lost::add,
                            SupervisedThreads.unsupervised());
            proxy.refuse();
            proxy.reset();
            var other = new ShardLease(redis, elsewhere(0, 0, 1), Duration.ofMinutes(5));
            Eventually.await("expired", () -> other.take(Set.of()).isEmpty());
            assertFalse(first.held(), "it knows without being told");
            proxy.accept();
            Eventually.await("told", () -> !lost.isEmpty());
            assertTrue(lost.peek().getMessage().contains("process 7 on far"), lost::toString);
            first.close();
            assertFalse(other.take(Set.of()).iterator().hasNext(), "what is another's stays");
        }
    }

    @Test
    void aProcessIsAliveToItselfAndUnknownElsewhere() {
        ShardLeaseHolder self = ProcessIdentity.as(0, 1, 2);
        assertFalse(ProcessIdentity.isDead(self));
        assertFalse(ProcessIdentity.isDead(elsewhere(0, 1, 2)), "another machine");
        assertEquals(ProcessHandle.current().pid(), self.pid());
    }
}
