package loom.dispatch.broker.spool;

import loom.dispatch.broker.EventMessage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * One file of a spool, with the records {@code [first, first + count)}. The spool's lock guards it.
 *
 * <p>The name of a file is the number of its first record. A failed write can leave bytes after the
 * last counted record; the reader stops before them, because the next file's name gives the count.
 */
final class SpoolSegment {
    /** A kill during a replay repeats the events of at most one file, so files are small. */
    static final int MAX_BYTES = 256 << 10;

    private static final String SUFFIX = ".spool";

    final String name;
    final long first;
    int count;
    long bytes;
    // The position of the last message that the reader returned from this file.
    long lastRead = Long.MIN_VALUE;

    SpoolSegment(long first) {
        this.first = first;
        this.name = "%016x%s".formatted(first, SUFFIX);
    }

    /** Returns the number of the first record, if the name is that of a spool file. */
    static OptionalLong firstOf(String name) {
        return name.matches("[0-7][0-9a-f]{15}\\" + SUFFIX)
                ? OptionalLong.of(Long.parseLong(name.substring(0, 16), 16))
                : OptionalLong.empty();
    }

    long end() {
        return first + count;
    }

    boolean hasRoom(int recordBytes) {
        return bytes == 0 || bytes + recordBytes <= MAX_BYTES;
    }

    void add(int recordBytes) {
        count++;
        bytes += recordBytes;
    }

    /**
     * Reads records.
     *
     * @param from the offset of the first record
     * @param most the largest number of records
     */
    Content read(SpoolFileSystem disk, long from, int most) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(disk.read(name, from));
        List<EventMessage> valid = new ArrayList<>();
        List<Integer> damagedBefore = new ArrayList<>();
        int at = 0;
        int records = 0;
        int damaged = 0;
        int end = 0;
        int size = SpoolRecord.sizeAt(content, at);
        while (size > 0 && records < most) {
            records++;
            if (SpoolRecord.isValid(content, at, size)) {
                valid.add(SpoolRecord.decode(content, at, size));
                end = at + size;
                damagedBefore.add(records - valid.size() - damaged);
                damaged = records - valid.size();
            }
            at += size;
            size = SpoolRecord.sizeAt(content, at);
        }
        return new Content(valid, damagedBefore, damaged, from + end);
    }

    /**
     * The content of a file.
     *
     * @param valid the records with a right checksum
     * @param damagedBefore for each valid record, the number of damaged ones directly before it
     * @param damaged the sum of those. Bytes after the last valid record do not count: they can be
     *     the rest of an interrupted write
     * @param end the offset after the last valid record
     */
    record Content(List<EventMessage> valid, List<Integer> damagedBefore, int damaged, long end) {

        /** Returns how many of the given number of records are missing after the last valid one. */
        int damagedAtEnd(int records) {
            return records - valid.size() - damaged;
        }
    }
}
