package loom.dispatch.cache;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an {@link Audit} has counted so far. Used by one thread. */
final class AuditCounts {
    /** Enough to see a pattern, few enough to read. */
    private static final int EXAMPLES = 20;

    private final Map<Kind, Long> entries = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> objects = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> entriesWithoutObject = new EnumMap<>(Kind.class);
    private final Map<Kind, Long> objectsWithoutEntry = new EnumMap<>(Kind.class);
    private final List<String> examples = new ArrayList<>();
    private long examined;

    void entry(Kind kind) {
        entries.merge(kind, 1L, Long::sum);
        examined++;
    }

    void object(Kind kind) {
        objects.merge(kind, 1L, Long::sum);
        examined++;
    }

    void drift(AuditSuspect suspect) {
        boolean entry = suspect.what() == AuditSuspect.What.ENTRY_WITHOUT_OBJECT;
        (entry ? entriesWithoutObject : objectsWithoutEntry).merge(suspect.kind(), 1L, Long::sum);
        if (examples.size() < EXAMPLES) {
            examples.add(
                    entry
                            ? suspect.set() + " lists " + suspect.key() + ", which is not there"
                            : suspect.key() + " is there and not listed in " + suspect.set());
        }
    }

    /** Entries and objects looked at. */
    long examined() {
        return examined;
    }

    AuditReport report() {
        List<AuditReport.Row> rows = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            rows.add(
                    new AuditReport.Row(
                            kind.prefix(),
                            entries.getOrDefault(kind, 0L),
                            objects.getOrDefault(kind, 0L),
                            entriesWithoutObject.getOrDefault(kind, 0L),
                            objectsWithoutEntry.getOrDefault(kind, 0L)));
        }
        return new AuditReport(rows, examples);
    }
}
