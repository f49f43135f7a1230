package loom.dispatch.image.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the container's settings from the Dockerfile.
 *
 * @param entrypoint the command of process 1
 * @param healthCheck the command of the HEALTHCHECK
 * @param user the number of its user and group
 */
public record DockerfileReader(List<String> entrypoint, List<String> healthCheck, String user) {
    private static final Path FILE = Path.of("../Dockerfile");

    static DockerfileReader read() throws IOException {
        String text = Files.readString(FILE);
        return new DockerfileReader(
                words(text, "ENTRYPOINT (\\[.*])"),
                words(text, "HEALTHCHECK [^\\[]*CMD (\\[.*])"),
                found(text, "USER ([0-9]+):\\1"));
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile("(?m)^" + pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("the Dockerfile has no " + pattern);
        }
        return matcher.group(1);
    }

    private static List<String> words(String text, String pattern) {
        return Pattern.compile("\"([^\"]*)\"")
                .matcher(found(text, pattern))
                .results()
                .map(word -> word.group(1))
                .toList();
    }
}
