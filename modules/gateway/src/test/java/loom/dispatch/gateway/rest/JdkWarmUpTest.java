package loom.dispatch.gateway.rest;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is prepared is there on the JDK of the build: it would only be slower without it. */
final class JdkWarmUpTest {
    @ParameterizedTest
    @ValueSource(strings = {JdkWarmUp.HTTP_LOGGER, JdkWarmUp.JDKS_AUTHORITIES})
    void theClassOfTheJdkIsThere(String name) {
        assertDoesNotThrow(() -> Class.forName(name, false, getClass().getClassLoader()));
    }
}
