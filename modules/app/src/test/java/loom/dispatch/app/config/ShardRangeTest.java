package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Tests how a process finds its shards. */
final class ShardRangeTest {
    private static Environment environment(String... assignments) {
        Map<String, String> variables =
                new HashMap<>(Map.of("SHARDS_TOTAL", "40", "SHARDS_PER_REPLICA", "16"));
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return new Environment(Map.of(), variables);
    }

    private static ShardRange range(String... assignments) {
        Environment environment = environment(assignments);
        ShardRange range = ShardRange.from(environment);
        assertEquals(List.of(), environment.problems());
        return range;
    }

    private static String problem(String... assignments) {
        Environment environment = environment(assignments);
        ShardRange.from(environment);
        assertEquals(1, environment.problems().size(), environment.problems()::toString);
        return environment.problems().getFirst();
    }

    private static ShardRange of40(int first, int last) {
        return new ShardRange(first, OptionalInt.of(last), OptionalInt.of(40));
    }

    @Test
    void lastReplicaHoldsTheRest() {
        assertEquals(of40(0, 15), range("SHARDS_REPLICA=0"));
        assertEquals(of40(16, 31), range("SHARDS_REPLICA=1"));
        assertEquals(of40(32, 39), range("SHARDS_REPLICA=2"));
    }

    @Test
    void replicaNumberComesFromEndOfNameOrHostName() {
        assertEquals(of40(16, 31), range("SHARDS_REPLICA=loom-dispatch-1"));
        assertEquals(of40(16, 31), range("HOSTNAME=bot-7-1"));
        assertEquals(of40(0, 15), range("HOSTNAME=bot-7-1", "SHARDS_REPLICA=0"));
    }

    @Test
    void withoutReplicasStartAndEndAreUsed() {
        assertEquals(
                new ShardRange(3, OptionalInt.empty(), OptionalInt.of(40)),
                range("SHARDS_PER_REPLICA=0", "SHARDS_START=3", "HOSTNAME=bot-1"));
    }

    @Test
    void replicaBeyondLastShardIsAnError() {
        String problem = problem("SHARDS_REPLICA=3");
        assertTrue(problem.contains("replica 3") && problem.contains("shard 48"), problem);
        assertTrue(problem("SHARDS_REPLICA=999999999").contains("no shard is left"));
    }

    @Test
    void missingReplicaNumberIsAnErrorWithRemedy() {
        String problem = problem("HOSTNAME=3f2a4b5c6d7e");
        assertTrue(problem.contains("HOSTNAME=\"3f2a4b5c6d7e\""), problem);
        assertTrue(problem.contains("SHARDS_REPLICA"), problem);
        assertTrue(problem("SHARDS_REPLICA=first").contains("SHARDS_REPLICA=\"first\""));
    }

    @Test
    void replicasNeedTotalAndNoStartOrEnd() {
        assertTrue(problem("SHARDS_TOTAL=auto", "SHARDS_REPLICA=0").contains("SHARDS_TOTAL=auto"));
        assertTrue(problem("SHARDS_START=0", "SHARDS_REPLICA=0").contains("SHARDS_START=0"));
        assertTrue(problem("SHARDS_END=15", "SHARDS_REPLICA=0").contains("remove one"));
    }
}
