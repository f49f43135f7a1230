package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tests that no two processes hold the lease of the same shard. */
class ShardLeaseTest {
    /** Longer than a slow disk delays a command. */
    private static final Duration LEASE_TIME = Duration.ofSeconds(2);

    private final RedisServer server = SharedRedis.emptied();
    private RedisClient redis;

    @BeforeEach
    void connect() throws Exception {
        redis = RedisClient.connect(RedisTestClient.config(server));
    }

    @AfterEach
    void disconnect() {
        redis.close();
    }

    private static ShardLeaseHolder holder(String instance, int first, int last, int total) {
        return new ShardLeaseHolder(
                instance, first, last, total, "host", "boot/1", 7, 1_700_000_000_000L);
    }

    private ShardLease lease(String instance, int first, int last, int total) {
        return new ShardLease(redis, holder(instance, first, last, total), LEASE_TIME);
    }

    @Test
    void secondProcessLearnsHolderOfShard() {
        assertEquals(List.of(), lease("a", 0, 3, 8).take(Set.of()));
        assertEquals(List.of(holder("a", 0, 3, 8)), lease("b", 3, 5, 8).take(Set.of()));
        assertEquals(List.of(), lease("c", 4, 7, 8).take(Set.of()), "other shards are free");
    }

    @Test
    void otherShardCountConflictsWithAllShards() {
        assertEquals(List.of(), lease("a", 0, 0, 2).take(Set.of()));
        assertEquals(List.of(holder("a", 0, 0, 2)), lease("b", 2, 3, 4).take(Set.of()));
    }

    @Test
    void renewedLeaseIsKeptAndUnrenewedLeaseExpires() throws Exception {
        ShardLease lease = lease("a", 0, 1, 2);
        lease.take(Set.of());
        long end = System.nanoTime() + LEASE_TIME.plus(LEASE_TIME.dividedBy(2)).toNanos();
        while (System.nanoTime() < end) {
            assertEquals(List.of(), lease.take(Set.of()));
            assertEquals(1, lease("b", 0, 1, 2).take(Set.of()).size());
            Thread.sleep(LEASE_TIME.dividedBy(5));
        }
        ShardLease next = lease("b", 0, 1, 2);
        Eventually.await(
                "expired", LEASE_TIME.multipliedBy(6), () -> next.take(Set.of()).isEmpty());
        assertEquals(
                List.of(holder("b", 0, 1, 2)),
                lease.take(Set.of()),
                "the expired lease is not renewed");
    }

    @Test
    void releasedLeaseAndLeaseOfDeadProcessAreFreeAtOnce() {
        ShardLease lease = lease("a", 0, 1, 2);
        lease.take(Set.of());
        lease.release();
        assertEquals(List.of(), lease("b", 0, 1, 2).take(Set.of()));
        assertEquals(List.of(), lease("c", 0, 1, 2).take(Set.of("b")));
    }

    @Test
    void oneOfManyConcurrentProcessesGetsLease() throws Exception {
        Set<String> holders = ConcurrentHashMap.newKeySet();
        List<Thread> processes =
                java.util.stream.IntStream.range(0, 16)
                        .mapToObj(number ->
                                Thread.startVirtualThread(() -> {
                                    String name = "process-" + number;
                                    if (lease(name, 0, 0, 1).take(Set.of()).isEmpty()) {
                                        holders.add(name);
                                    }
                                }))
                        .toList();
        for (Thread process : processes) {
            process.join();
        }
        assertEquals(1, holders.size(), holders::toString);
    }

    @Test
    void invalidFieldsAndFutureTimesDoNotConflict() {
        try (var probe = new RedisTestClient(server)) {
            probe.hashSet("gateway_instances", "x", "no lease");
            probe.hashSet("gateway_instances", "y", "99999999999999 0 0 1 host boot 1 1");
            assertTrue(lease("a", 0, 0, 1).take(Set.of()).isEmpty());
        }
    }
}
