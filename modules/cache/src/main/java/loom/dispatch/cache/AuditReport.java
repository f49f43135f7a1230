package loom.dispatch.cache;

import java.util.List;

/**
 * The result of a {@link StateAudit}: where the index sets and the objects disagree.
 *
 * @param rows one row for each kind of object
 * @param examples some of the keys that disagree, each with its set
 */
public record AuditReport(List<Row> rows, List<String> examples) {

    /**
     * The counts of one kind of object.
     *
     * @param kind the prefix of its keys: {@code guild}, {@code member} and so on
     * @param entries entries for objects of this kind in all sets; an object is in several sets
     * @param objects objects of this kind
     * @param entriesWithoutObject entries whose object does not exist
     * @param objectsWithoutEntry missing entries: a set lacks the key of an existing object
     */
    public record Row(
            String kind,
            long entries,
            long objects,
            long entriesWithoutObject,
            long objectsWithoutEntry) {}

    /** Copies both lists. */
    public AuditReport {
        rows = List.copyOf(rows);
        examples = List.copyOf(examples);
    }

    /** Returns the number of disagreements; 0 if index sets and objects agree. */
    public long drift() {
        return rows.stream()
                .mapToLong(row -> row.entriesWithoutObject() + row.objectsWithoutEntry())
                .sum();
    }
}
