package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

/** Tests that misspelt settings are found and variables of other programs are ignored. */
final class UnknownVariablesTest {
    @Test
    void misspeltNameIsReportedWithSuggestion() {
        assertEquals(
                Map.of("SHARD_TOTAL", "SHARDS_TOTAL", "BOT_TOKNE_FILE", "BOT_TOKEN_FILE"),
                UnknownVariables.among(Set.of("SHARD_TOTAL", "BOT_TOKNE_FILE"), Set.of()));
    }

    @Test
    void unknownNameInDotEnvFileWithKnownPrefixIsReported() {
        assertEquals(
                Map.of("STATE_FORUMS", ""),
                UnknownVariables.among(Set.of(), Set.of("STATE_FORUMS")));
    }

    @Test
    void variablesOfOtherProgramsAreIgnored() {
        assertEquals(
                Map.of(),
                UnknownVariables.among(
                        Set.of(
                                "PATH",
                                "STATE_DIRECTORY",
                                "REDIS_SERVICE_HOST",
                                "REDIS_PORT_6379_TCP",
                                "RUST_LOG",
                                "BOT_TOKEN_FILE",
                                "HOME"),
                        Set.of("COMPOSE_PROJECT_NAME")));
    }

    @Test
    void everyVariableIsKnown() {
        for (EnvironmentVariable<?> variable : Settings.VARIABLES) {
            assertEquals(
                    Map.of(),
                    UnknownVariables.among(Set.of(variable.name()), Set.of(variable.name())));
        }
    }
}
