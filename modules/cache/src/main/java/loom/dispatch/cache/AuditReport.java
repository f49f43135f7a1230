package loom.dispatch.cache;

import java.util.List;

/**
 * How far the state's indexes and objects agree.
 *
 * @param rows one for each kind of object
 * @param examples some of the keys that disagree, each with the set that it is about
 */
public record AuditReport(List<Row> rows, List<String> examples) {

    /**
     * One kind of object.
     *
     * @param kind its prefix: {@code guild}, {@code member} and so on
     * @param entries members of the sets that list objects of this kind; an object stands in
     *     several
     * @param objects objects of this kind
     * @param entriesWithoutObject entries whose object is not there
     * @param objectsWithoutEntry places in a set that an object lacks
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

    /** All disagreements together; 0 when indexes and objects agree. */
    public long drift() {
        return rows.stream()
                .mapToLong(row -> row.entriesWithoutObject() + row.objectsWithoutEntry())
                .sum();
    }
}
