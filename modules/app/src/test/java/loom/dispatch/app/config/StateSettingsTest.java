package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.cache.RedisConfig;
import loom.dispatch.cache.RedisTopology;
import loom.dispatch.cache.StateConfig;
import loom.dispatch.cache.StateConfig.Part;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;

/** Tests the settings of Redis and of the state. */
final class StateSettingsTest {

    private static RedisConfig redis(Map<String, String> variables) {
        return RedisSettings.from(new Environment(Map.of(), variables));
    }

    private static StateConfig state(Map<String, String> variables) {
        return StateSettings.from(new Environment(Map.of(), variables));
    }

    @Test
    void singleVariablesMakeOneServer() {
        RedisConfig config =
                redis(
                        Map.of(
                                "REDIS_HOST", "redis.example",
                                "REDIS_PORT", "6380",
                                "REDIS_USERNAME", "dispatch",
                                "REDIS_PASSWORD", "hunter2",
                                "REDIS_DATABASE", "3",
                                "REDIS_TLS", "true"));
        assertEquals("redis.example:6380", config.target().toString());
        assertEquals("dispatch", config.username());
        assertEquals(3, config.database());
        assertTrue(config.tls());
        assertFalse(config.toString().contains("hunter2"), config.toString());
    }

    @Test
    void uriOverridesVariablesAndPasswordMayBeInVariable() {
        RedisConfig config =
                redis(
                        Map.of(
                                "REDIS_URI", "redis-sentinel://a,b:26380/mymaster/2",
                                "REDIS_HOST", "elsewhere",
                                "REDIS_PASSWORD", "hunter2"));
        assertTrue(config.target() instanceof RedisTopology.Sentinel, config.toString());
        assertEquals(2, config.database());
        assertEquals("hunter2", config.password().reveal());
        assertEquals(
                "named",
                redis(
                                Map.of(
                                        "REDIS_URI", "redis://named:pass@host",
                                        "REDIS_USERNAME", "other",
                                        "REDIS_PASSWORD", "other"))
                        .username());
    }

    @Test
    void invalidUriIsExplainedAndNotShown() {
        Environment env =
                new Environment(Map.of(), Map.of("REDIS_URI", "http://user:hunter2@host"));
        RedisSettings.from(env);
        assertEquals(1, env.problems().size());
        assertTrue(env.problems().getFirst().startsWith("REDIS_URI=***: "), env::toString);
        assertTrue(env.problems().getFirst().contains("unknown scheme http"));
        assertFalse(env.problems().getFirst().contains("hunter2"));
    }

    @Test
    void allButDirectChannelsAreKeptByDefault() {
        assertEquals(StateConfig.DEFAULT, state(Map.of()));
    }

    @Test
    void everyKindHasSwitch() {
        Map<String, String> off =
                Map.ofEntries(
                        Map.entry("STATE_MEMBER", "false"),
                        Map.entry("STATE_MESSAGE", "false"),
                        Map.entry("STATE_PRESENCE", "false"),
                        Map.entry("STATE_EMOJI", "false"),
                        Map.entry("STATE_VOICE", "false"),
                        Map.entry("STATE_THREAD", "false"),
                        Map.entry("STATE_THREAD_MEMBER", "false"),
                        Map.entry("STATE_STICKER", "false"),
                        Map.entry("STATE_SOUNDBOARD", "false"),
                        Map.entry("STATE_EVENT", "false"),
                        Map.entry("STATE_STAGE", "false"),
                        Map.entry("STATE_FAILURE", "skip"),
                        Map.entry("STATE_MEMBER_TTL", "0"));
        assertEquals(EnumSet.noneOf(Part.class), state(off).parts());
        assertEquals(StateConfig.Failure.SKIP, state(off).failure());
        assertEquals(Duration.ZERO, state(off).memberTtl());
        assertTrue(state(Map.of("STATE_DM", "true")).parts().contains(Part.DIRECT_CHANNELS));
    }
}
