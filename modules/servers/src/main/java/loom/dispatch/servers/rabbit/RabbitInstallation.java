package loom.dispatch.servers.rabbit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The RabbitMQ that is installed on this machine.
 *
 * @param bin the directory of RabbitMQ's own scripts; Debian's wrappers in {@code /usr/sbin} do not
 *     work, because they require root and start a global epmd
 * @param version for example {@code 3.10.8}, or {@code of unknown version}
 */
public record RabbitInstallation(Path bin, String version) {
    private static final Pattern VERSION = Pattern.compile("rabbitmq_server-([0-9][^/]*)");

    public static Optional<RabbitInstallation> find() {
        Stream<String> known =
                Stream.of("/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin", "/usr/local/sbin");
        Stream<String> onPath =
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.concat(known, onPath)
                .map(Path::of)
                .filter(RabbitInstallation::isComplete)
                .findFirst()
                .map(bin -> new RabbitInstallation(bin, version(bin)));
    }

    private static boolean isComplete(Path bin) {
        return Stream.of("rabbitmq-server", "rabbitmqctl", "rabbitmq-defaults")
                .allMatch(script -> Files.isExecutable(bin.resolve(script)));
    }

    private static String version(Path bin) {
        try {
            Matcher version =
                    VERSION.matcher(bin.resolve("rabbitmq-server").toRealPath().toString());
            return version.find() ? version.group(1) : "of unknown version";
        } catch (IOException e) {
            return "of unknown version";
        }
    }

    /** The PATH for RabbitMQ's scripts: Erlang's own programs first. */
    String searchPath() {
        return String.join(
                File.pathSeparator,
                List.of(
                        "/usr/lib/erlang/bin",
                        "/usr/local/bin",
                        "/opt/homebrew/bin",
                        "/usr/bin",
                        "/bin"));
    }

    List<String> command(String script) {
        return List.of(bin.resolve(script).toString());
    }
}
