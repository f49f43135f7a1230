package loom.dispatch.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.servers.RedisServer;
import loom.dispatch.servers.redis.RedisCluster;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tests that the audit finds every difference between sets and objects, and changes nothing. */
class StateAuditTest {
    private static final int STEPS = 400;
    private static final long SEED = 7;

    @Test
    void stateWrittenByServiceHasNoDrift() throws Exception {
        RedisServer server = SharedRedis.emptied();
        try (RedisClient redis = RedisClient.connect(RedisTestClient.config(server));
                var probe = new RedisTestClient(server)) {
            write(redis);
            probe.set("prefix:1", "somebody else's");
            probe.add("banned_users", "1");
            List<Long> progress = new ArrayList<>();
            AuditReport report = new StateAudit(redis, progress::add, Duration.ofSeconds(2)).run();
            assertEquals(List.of(), report.examples());
            assertEquals(0, report.drift());
            assertTrue(row(report, "role").objects() > 0, report::toString);
            assertTrue(row(report, "sticker").entries() > 0, report::toString);
            long seen =
                    report.rows().stream().mapToLong(row -> row.entries() + row.objects()).sum();
            assertEquals(seen, progress.getLast());
        }
    }

    @Test
    void missingEntriesAndObjectsAreReportedAndLeftUnchanged() throws Exception {
        RedisServer server = SharedRedis.emptied();
        try (RedisClient redis = RedisClient.connect(RedisTestClient.config(server));
                var probe = new RedisTestClient(server)) {
            write(redis);
            probe.add("role_keys", "role:901:902");
            probe.add("guild_keys:907", "member:907:908");
            probe.set("guild:907", "{\"id\":\"907\"}");
            probe.add("guild_keys", "guild:907");
            probe.set("channel:909", "{\"id\":\"909\",\"guild_id\":\"907\"}");
            probe.add("channel_keys", "channel:909");
            probe.set("message:909:910", "{}");
            var before = probe.keys();
            AuditReport report = new StateAudit(redis, _ -> {}, Duration.ofMillis(10)).run();
            assertEquals(
                    Map.of("role", 1L, "member", 1L),
                    drift(report, AuditReport.Row::entriesWithoutObject));
            // the guild's set lacks the channel; both sets of the message lack it
            assertEquals(
                    Map.of("channel", 1L, "message", 2L),
                    drift(report, AuditReport.Row::objectsWithoutEntry));
            assertEquals(5, report.drift());
            assertTrue(
                    report.examples()
                            .contains("role_keys lists role:901:902, which does not exist"),
                    report.examples()::toString);
            assertEquals(before, probe.keys());
        }
    }

    @Test
    void driftOfEveryObjectKindIsFoundAndNoValueChanges() throws Exception {
        RedisServer server = SharedRedis.emptied();
        try (RedisClient redis = RedisClient.connect(RedisTestClient.config(server));
                var probe = new RedisTestClient(server)) {
            Map<String, Long> lacking = new HashMap<>();
            for (ObjectKind kind : ObjectKind.values()) {
                String tail = kind.form() == ObjectKind.Form.ID ? "1" : "2:1";
                probe.add(kind.set(), kind.prefix() + ":9" + tail);
                String object = kind.prefix() + ":" + tail;
                probe.set(object, "{}");
                lacking.put(
                        kind.prefix(),
                        (long) ObjectRef.parse("", object).orElseThrow().sets().size());
            }
            Map<String, String> before = dumps(probe);
            AuditReport report = new StateAudit(redis, _ -> {}, Duration.ofMillis(10)).run();
            assertEquals(
                    lacking.keySet(),
                    drift(report, AuditReport.Row::entriesWithoutObject).keySet());
            assertEquals(lacking, drift(report, AuditReport.Row::objectsWithoutEntry));
            assertEquals(before, dumps(probe));
        }
    }

    private static Map<String, String> dumps(RedisTestClient probe) {
        return probe.save().entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey, one -> Arrays.toString(one.getValue())));
    }

    @Test
    void auditCoversEveryServerOfCluster() throws Exception {
        try (RedisCluster cluster = RedisCluster.start();
                RedisClient redis =
                        RedisClient.connect(RedisUri.parse("redis-cluster://" + nodes(cluster)))) {
            write(redis);
            AuditReport before = new StateAudit(redis, _ -> {}, Duration.ofSeconds(2)).run();
            assertEquals(List.of(), before.examples());
            for (int id = 1; id <= 30; id++) {
                redis.exchange(
                        List.of(RedisCommands.set("role:905:" + id, RedisTestClient.utf8("{}"))));
            }
            AuditReport after = new StateAudit(redis, _ -> {}, Duration.ofMillis(10)).run();
            assertEquals(30 * 2, row(after, "role").objectsWithoutEntry());
        }
    }

    private static String nodes(RedisCluster cluster) {
        return cluster.nodes().stream()
                .map(node -> node.host() + ":" + node.port())
                .collect(Collectors.joining(","));
    }

    /** Writes a history that ends with a complete GUILD_CREATE. */
    private static void write(RedisClient redis) throws InterruptedException {
        List<RandomHistory.Step> steps = new ArrayList<>(new RandomHistory(SEED).steps(STEPS));
        while (!steps.getLast().type().equals("GUILD_CREATE")) {
            steps.removeLast();
        }
        StateCache cache = new StateCache(redis, StateConfig.DEFAULT, 1);
        cache.apply(0, steps.stream().map(RandomHistory.Step::event).toList());
    }

    private static AuditReport.Row row(AuditReport report, String kind) {
        return report.rows().stream()
                .filter(row -> row.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Long> drift(
            AuditReport report, java.util.function.ToLongFunction<AuditReport.Row> count) {
        return new HashMap<>(
                report.rows().stream()
                        .filter(row -> count.applyAsLong(row) > 0)
                        .collect(Collectors.toMap(AuditReport.Row::kind, count::applyAsLong)));
    }
}
