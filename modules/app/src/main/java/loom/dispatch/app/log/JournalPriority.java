package loom.dispatch.app.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;

/**
 * Marks lines with a priority for systemd's journal: a number in angle brackets before the line,
 * see sd-daemon(3). {@code journalctl -p warning} uses it.
 */
final class JournalPriority {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private JournalPriority() {}

    /** Returns whether standard output is the journal: JOURNAL_STREAM has its device and inode. */
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
            // not Linux, so there is no journal
            return false;
        }
    }

    /** Returns the text with the priority before each line. */
    static String marked(String text, Level level) {
        String mark = "<" + priority(level) + ">";
        return mark + text.replace("\n", "\n" + mark);
    }

    /** Returns the syslog priority: 3 error, 4 warning, 6 info, 7 debug. */
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
