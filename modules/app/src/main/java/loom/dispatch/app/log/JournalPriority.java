package loom.dispatch.app.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;

/**
 * systemd's journal: it takes a line's priority from a number in angle brackets before it
 * (sd-daemon(3)), so that {@code journalctl -p warning} finds what it should.
 */
final class JournalPriority {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private JournalPriority() {}

    /** Whether standard output leads to the journal: JOURNAL_STREAM names its device and inode. */
    static boolean isStandardOutput(Map<String, String> environment) {
        String journal = environment.getOrDefault("JOURNAL_STREAM", "");
        if (journal.isEmpty()) {
            return false;
        }
        try {
            Object device = Files.getAttribute(STANDARD_OUTPUT, "unix:dev");
            Object inode = Files.getAttribute(STANDARD_OUTPUT, "unix:ino");
            return journal.equals(device + ":" + inode);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            // no Linux: then no journal either
            return false;
        }
    }

    /** The text with its priority before each line. */
    static String marked(String text, Level level) {
        String mark = "<" + priority(level) + ">";
        return mark + text.replace("\n", "\n" + mark);
    }

    /** As syslog counts: 3 error, 4 warning, 6 information, 7 debugging. */
    private static int priority(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return 3;
        }
        if (value >= Level.WARNING.intValue()) {
            return 4;
        }
        return value >= Level.INFO.intValue() ? 6 : 7;
    }
}
