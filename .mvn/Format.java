import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Checks ("check") or rewrites ("apply") every Java file with google-java-format, AOSP style. */
public final class Format {
    public static void main(String[] args) throws Exception {
        boolean apply = args[0].equals("apply");
        var formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(JavaFormatterOptions.Style.AOSP)
                                .build());
        List<Path> unformatted = new ArrayList<>();
        for (Path root : List.of(Path.of("modules"), Path.of("jlink"), Path.of(".mvn"))) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Format::isSource).toList()) {
                    String source = Files.readString(file);
                    String formatted =
                            formatter.formatSourceAndFixImports(
                                    RemoveUnusedImports.removeUnusedImports(source));
                    if (source.equals(formatted)) {
                        continue;
                    }
                    unformatted.add(file);
                    if (apply) {
                        Files.writeString(file, formatted);
                    }
                }
            }
        }
        if (!apply && !unformatted.isEmpty()) {
            unformatted.forEach(file -> System.err.println("not formatted: " + file));
            System.err.println("run: mvn -q -N verify -Dformat=apply");
            System.exit(1);
        }
    }

    private static boolean isSource(Path file) {
        String path = file.toString();
        return path.endsWith(".java") && !path.contains("/target/");
    }
}
