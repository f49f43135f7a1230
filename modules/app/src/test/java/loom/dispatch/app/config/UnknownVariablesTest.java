package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

/** A slip of the keyboard is told, and what is not ours is left alone. */
final class UnknownVariablesTest {
    @Test
    void aNameThatComesNearOneOfOursIsToldWithWhatWasMeant() {
        assertEquals(
                Map.of("SHARD_TOTAL", "SHARDS_TOTAL", "BOT_TOKNE_FILE", "BOT_TOKEN_FILE"),
                UnknownVariables.among(Set.of("SHARD_TOTAL", "BOT_TOKNE_FILE"), Set.of()));
    }

    @Test
    void aNameInOurOwnFileThatBeginsAsOursDoIsTold() {
        assertEquals(
                Map.of("STATE_FORUMS", ""),
                UnknownVariables.among(Set.of(), Set.of("STATE_FORUMS")));
    }

    @Test
    void whatIsNotForUsIsLeftAlone() {
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
