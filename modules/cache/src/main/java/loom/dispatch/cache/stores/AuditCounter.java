package loom.dispatch.cache.stores;

import loom.dispatch.cache.AuditReport;
import loom.dispatch.cache.StateAudit;
import loom.dispatch.cache.model.ObjectKind;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts what a {@link StateAudit} finds. For use by one thread. */
public final class AuditCounter {
    /** 20 examples show a pattern and can still be read. */
    private static final int EXAMPLES = 20;

    private final Map<ObjectKind, Long> entries = new EnumMap<>(ObjectKind.class);
    private final Map<ObjectKind, Long> objects = new EnumMap<>(ObjectKind.class);
    private final Map<ObjectKind, Long> entriesWithoutObject = new EnumMap<>(ObjectKind.class);
    private final Map<ObjectKind, Long> objectsWithoutEntry = new EnumMap<>(ObjectKind.class);
    private final List<String> examples = new ArrayList<>();
    private long examined;

    public void entry(ObjectKind kind) {
        entries.merge(kind, 1L, Long::sum);
        examined++;
    }

    public void object(ObjectKind kind) {
        objects.merge(kind, 1L, Long::sum);
        examined++;
    }

    public void drift(AuditSuspect suspect) {
        boolean entry = suspect.what() == AuditSuspect.What.ENTRY_WITHOUT_OBJECT;
        (entry ? entriesWithoutObject : objectsWithoutEntry).merge(suspect.kind(), 1L, Long::sum);
        if (examples.size() < EXAMPLES) {
            examples.add(
                    entry
                            ? suspect.set() + " lists " + suspect.key() + ", which does not exist"
                            : suspect.key() + " exists, but is not in " + suspect.set());
        }
    }

    /** Returns the number of examined entries and objects. */
    public long examined() {
        return examined;
    }

    public AuditReport report() {
        List<AuditReport.Row> rows = new ArrayList<>();
        for (ObjectKind kind : ObjectKind.values()) {
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
