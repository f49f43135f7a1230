package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.servers.Eventually;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.Servers;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.util.DefaultLocale;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Tests that sessions survive restarts, kills, other processes and invalid values. */
class SessionStoreTest {
    private static final String DOCUMENT = "gateway_sessions";
    private static final String HASH = "gateway_checkpoints";

    private final RedisServer server = SharedRedis.emptied();
    private RedisClient redis;
    private RedisTestClient probe;

    @BeforeEach
    void connect() throws Exception {
        redis = RedisClient.connect(RedisTestClient.config(server));
        probe = new RedisTestClient(server);
    }

    @AfterEach
    void disconnect() {
        redis.close();
        probe.close();
    }

    private static SessionStore.StoredSession session(int shard, String id, long sequence) {
        return new SessionStore.StoredSession(
                shard, id, Optional.of("wss://resume.example/" + id), sequence);
    }

    @Test
    void nextStartLoadsSavedSessions() {
        SessionStore.StoredSession one = session(0, "a\"b\\c", 12);
        SessionStore.StoredSession two =
                new SessionStore.StoredSession(1, "d", Optional.empty(), 0);
        new SessionStore(redis, 2).save(List.of(one, two));
        assertEquals(Map.of(0, one, 1, two), new SessionStore(redis, 2).load(0, 1));
        assertEquals(Map.of(1, two), new SessionStore(redis, 2).load(1, 1));
    }

    @Test
    @DefaultLocale("ar-EG")
    void gatewaySessionsHasFormOfContract() {
        new SessionStore(redis, 2).save(List.of(session(1, "y", 7), session(0, "x", 12)));
        assertEquals(
                "{\"0\":{\"session_id\":\"x\",\"sequence\":12},"
                        + "\"1\":{\"session_id\":\"y\",\"sequence\":7}}",
                probe.get(DOCUMENT));
    }

    @Test
    void startKeepsSavedSessions() {
        SessionStore before = new SessionStore(redis, 2);
        before.save(List.of(session(0, "x", 1), session(1, "y", 1)));
        SessionStore after = new SessionStore(redis, 2);
        after.load(0, 1);
        after.save(List.of());
        after.save(List.of(session(0, "z", 5)));
        assertEquals("y", after.load(0, 1).get(1).sessionId());
        assertTrue(probe.get(DOCUMENT).contains("\"1\":{\"session_id\":\"y\""));
    }

    @Test
    void processesDoNotOverwriteEachOthersSessions() throws Exception {
        try (RedisClient other = RedisClient.connect(RedisTestClient.config(server))) {
            SessionStore first = new SessionStore(redis, 4);
            SessionStore second = new SessionStore(other, 4);
            for (int sequence = 1; sequence <= 50; sequence++) {
                first.save(List.of(session(0, "a", sequence), session(1, "b", sequence)));
                second.save(List.of(session(2, "c", sequence), session(3, "d", sequence)));
            }
            Map<Integer, SessionStore.StoredSession> all = new SessionStore(redis, 4).load(0, 3);
            assertEquals(4, all.size());
            all.values().forEach(one -> assertEquals(50, one.sequence()));
            assertTrue(probe.get(DOCUMENT).matches(".*\"a\".*\"b\".*\"c\".*\"d\".*"));
        }
    }

    @Test
    void resumesFromSessionsOfTwilightDispatch() {
        String theirs =
                "{\"0\":{\"session_id\":\"abc\",\"sequence\":12},"
                        + "\"1\":{\"session_id\":\"\",\"sequence\":0},"
                        + "\"x\":{\"session_id\":\"q\",\"sequence\":1},"
                        + "\"2\":{\"session_id\":5,\"sequence\":1},\"3\":null}";
        probe.set(DOCUMENT, theirs);
        probe.set("gateway_shards", "4");
        assertEquals(
                Map.of(0, new SessionStore.StoredSession(0, "abc", Optional.empty(), 12)),
                new SessionStore(redis, 4).load(0, 3));
        assertEquals(theirs, probe.get(DOCUMENT), "load must not change the key");
    }

    @Test
    void sessionsOfOtherShardCountAreNotUsed() {
        probe.set(DOCUMENT, "{\"0\":{\"session_id\":\"abc\",\"sequence\":12}}");
        probe.set("gateway_shards", "3");
        assertEquals(Map.of(), new SessionStore(redis, 4).load(0, 3));
        new SessionStore(redis, 8).save(List.of(session(0, "x", 3)));
        probe.set("gateway_shards", "4");
        assertEquals(
                Map.of(),
                new SessionStore(redis, 4).load(0, 3),
                "the new process keeps its own sessions");
        assertEquals(1, new SessionStore(redis, 8).load(0, 7).size());
    }

    @Test
    void invalidValuesAreIgnoredAndKept() {
        for (String foreign : List.of("[]", "nonsense", "{\"0\":", "17", "")) {
            probe.set(DOCUMENT, foreign);
            probe.set("gateway_shards", "1");
            assertEquals(Map.of(), new SessionStore(redis, 1).load(0, 0), foreign);
            assertEquals(foreign, probe.get(DOCUMENT));
        }
        probe.delete(DOCUMENT);
        probe.add(DOCUMENT, "a set");
        probe.hashSet(HASH, "0", "{broken");
        probe.hashSet(HASH, "seven", "{}");
        assertEquals(Map.of(), new SessionStore(redis, 1).load(0, 0));
    }

    @Test
    void lowerSequenceOfSameSessionIsNeverSaved() {
        SessionStore store = new SessionStore(redis, 1);
        store.save(List.of(session(0, "x", 12)));
        store.save(List.of(session(0, "x", 11)));
        assertEquals(12, store.load(0, 0).get(0).sequence());
        store.save(List.of(session(0, "new", 1)));
        assertEquals(1, store.load(0, 0).get(0).sequence());
    }

    @Test
    void forgottenSessionStaysForgotten() {
        SessionStore store = new SessionStore(redis, 2);
        store.save(List.of(session(0, "x", 12), session(1, "y", 3)));
        store.forget(0);
        store.save(List.of(session(0, "x", 13), session(1, "y", 4)));
        assertEquals(List.of(1), List.copyOf(store.load(0, 1).keySet()));
        assertEquals("{\"1\":{\"session_id\":\"y\",\"sequence\":4}}", probe.get(DOCUMENT));
    }

    @Test
    void confirmedSaveSurvivesKillOfRedis() throws Exception {
        try (RedisServer own = Servers.redis();
                RedisClient mine = RedisClient.connect(RedisTestClient.config(own))) {
            SessionStore store = new SessionStore(mine, 1);
            AtomicLong confirmed = new AtomicLong();
            AtomicBoolean done = new AtomicBoolean();
            Thread saver =
                    Thread.ofVirtual()
                            .start(() -> {
                                for (long next = 1; !done.get(); ) {
                                    try {
                                        store.save(List.of(session(0, "x", next)));
                                        confirmed.set(next++);
                                    } catch (RedisUnavailableException away) {
                                        Thread.onSpinWait();
                                    }
                                }
                            });
            for (int round = 0; round < 3; round++) {
                long before = confirmed.get();
                Eventually.await(
                        "20 more saves",
                        Duration.ofSeconds(20),
                        () -> confirmed.get() > before + 20);
                own.kill();
                long known = confirmed.get();
                own.start();
                long found = new SessionStore(connect(own), 1).load(0, 0).get(0).sequence();
                assertTrue(found >= known, found + " is older than the confirmed " + known);
            }
            done.set(true);
            saver.join();
        }
    }

    private static RedisClient connect(RedisServer own) throws Exception {
        return RedisClient.connect(RedisTestClient.config(own));
    }

    @Test
    void saveFailsAtOnceWithoutRedis() throws Exception {
        try (RedisServer own = Servers.redis();
                RedisClient mine = RedisClient.connect(RedisTestClient.config(own))) {
            SessionStore store = new SessionStore(mine, 1);
            store.save(List.of(session(0, "x", 1)));
            assertTrue(mine.answering());
            own.kill();
            Instant before = Instant.now();
            assertThrows(
                    RedisUnavailableException.class, () -> store.save(List.of(session(0, "x", 2))));
            assertTrue(Duration.between(before, Instant.now()).toSeconds() < 5);
            assertTrue(!mine.answering());
            own.start();
            store.save(List.of(session(0, "x", 2)));
            assertTrue(mine.answering());
            assertEquals(2, store.load(0, 0).get(0).sequence());
        }
    }
}
