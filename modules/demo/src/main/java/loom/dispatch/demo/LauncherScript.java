package loom.dispatch.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Writes the shell script that starts the demo. The build runs it; the script uses the build's JDK.
 */
public final class LauncherScript {
    private static final String SCRIPT =
            """
            #!/bin/sh
            # Starts the demo. Written by the build, for the JDK that built it; works through a
            # symbolic link, from any directory, as long as it stays where it was built.
            self=$(readlink -f -- "$0") && target=${self%%/*} || exit 1
            java=%s
            if ! [ -x "$java" ]; then
                echo "demo: no Java at $java any more: run mvn -q -DskipTests package again" >&2
                exit 1
            fi
            # what is measured has the machine to itself: C2 would compile the simulator beside it
            tiers=
            [ "${1-}" = measure ] && tiers=-XX:TieredStopAtLevel=1
            exec "$java" $tiers -XX:+UseSerialGC -Xmx512m -Dstdout.encoding=UTF-8 -Dloom.demo.target="$target" \\
                --class-path "$target/classes:$target/lib/*" loom.dispatch.demo.Demo "$@"
            """;

    private LauncherScript() {}

    /** Writes the script to the file that the only argument names. */
    public static void main(String[] arguments) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path script = Path.of(arguments[0]);
        Files.writeString(script, of(java));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public static String of(Path java) {
        return SCRIPT.formatted("'" + java.toString().replace("'", "'\\''") + "'");
    }
}
