package loom.dispatch.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.app.process.StartFailure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Tests that secrets are read from variables, files and credentials, and never shown in errors. */
final class SecretSourceTest {
    @TempDir private Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static Settings settings(Map<String, String> process, String dotEnv)
            throws StartFailure {
        return Settings.from(new Environment(DotEnvFile.parse(dotEnv), process));
    }

    private static String password(Map<String, String> process, String dotEnv) {
        return new SecretSource(process, DotEnvFile.parse(dotEnv), line -> assertEquals("", line))
                .text("RABBIT_PASSWORD");
    }

    private static String problem(Map<String, String> process) {
        StartFailure failure = assertThrows(StartFailure.class, () -> settings(process, ""));
        assertEquals(1, failure.getMessage().lines().count(), failure.getMessage());
        assertFalse(failure.getMessage().contains("hidden"), failure.getMessage());
        return failure.getMessage();
    }

    @Test
    void everySecretCanBeInFile() throws Exception {
        Path file = file("password", "hidden word\n");
        for (EnvironmentVariable<?> variable : Settings.VARIABLES) {
            if (variable.secret()) {
                var source =
                        new SecretSource(
                                Map.of(variable.name() + "_FILE", file.toString()),
                                Map.of(),
                                line -> assertEquals("", line));
                assertEquals("hidden word", source.text(variable.name()));
            }
        }
    }

    @Test
    void systemdCredentialOverridesDotEnvFile() throws Exception {
        file("rabbit_password", "hidden\r\n");
        Map<String, String> process = Map.of("CREDENTIALS_DIRECTORY", folder.toString());
        assertEquals("hidden", password(process, "RABBIT_PASSWORD=guest"));
    }

    @Test
    void processVariableOverridesCredential() throws Exception {
        file("rabbit_password", "hidden");
        Map<String, String> process =
                Map.of("CREDENTIALS_DIRECTORY", folder.toString(), "RABBIT_PASSWORD", "mine");
        assertEquals("mine", password(process, ""));
    }

    @Test
    void dotEnvFileCanNameSecretFile() throws Exception {
        assertEquals(
                "hidden", password(Map.of(), "RABBIT_PASSWORD_FILE=" + file("secret", "hidden")));
    }

    @Test
    void unreadableFileIsNamedWithRemedy() throws Exception {
        Path missing = folder.resolve("missing");
        assertEquals(
                "BOT_TOKEN_FILE=" + missing + ": no such file; create it or correct the path",
                problem(Map.of("BOT_TOKEN_FILE", missing.toString())));
        assertTrue(problem(token(folder)).endsWith("is a directory; set the path of a file"));
        assertTrue(problem(token(file("e", "\n"))).endsWith("is empty; write the secret into it"));
        assertTrue(
                problem(token(file("l", "hidden\nhidden")))
                        .endsWith("has several lines; a secret is one line"));
        assertTrue(
                problem(token(file("b", "hidden".repeat(11_000)))).endsWith("so it is no secret"));
        Path binary = Files.write(folder.resolve("x"), new byte[] {(byte) 0xff, 1});
        assertTrue(problem(token(binary)).endsWith("a secret is one line of UTF-8"));
    }

    private static Map<String, String> token(Path file) {
        return Map.of("BOT_TOKEN_FILE", file.toString());
    }

    @Test
    void secretInPlaceOfPathIsNotShown() {
        assertTrue(problem(Map.of("BOT_TOKEN_FILE", "hidden.token")).startsWith("BOT_TOKEN_FILE="));
    }

    @Test
    void variableAndFileTogetherAreAnError() throws Exception {
        assertEquals(
                "BOT_TOKEN and BOT_TOKEN_FILE are both set: remove one",
                problem(
                        Map.of(
                                "BOT_TOKEN",
                                "hidden",
                                "BOT_TOKEN_FILE",
                                file("t", "hidden").toString())));
    }

    @Test
    void tokenThatNoHttpHeaderAllowsIsRefused() {
        assertEquals(
                "BOT_TOKEN=***: allowed is a secret without spaces",
                problem(Map.of("BOT_TOKEN", "hid\u00f6den hidden")));
    }
}
