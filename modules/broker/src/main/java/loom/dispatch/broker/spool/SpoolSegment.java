package loom.dispatch.broker.spool;

import loom.dispatch.broker.EventMessage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is known of one file of a spool: records {@code [first, first + count)}. Guarded by its
 * spool's lock.
 *
 * <p>The file's name is the number of its first record, so that what a failed or torn write left
 * behind the last counted record is outvoted by the name of the next file.
 */
final class SpoolSegment {
    /** Small, because a kill in the middle of a replay repeats up to one of them. */
    static final int MOST_BYTES = 256 << 10;

    private static final String SUFFIX = ".spool";

    final String name;
    final long first;
    int count;
    long bytes;
    // Of the last sound record that was read from it.
    long lastRead = Long.MIN_VALUE;

    SpoolSegment(long first) {
        this.first = first;
        this.name = "%016x%s".formatted(first, SUFFIX);
    }

    /** The number of the first record of a file of that name, if it is a segment's. */
    static OptionalLong firstOf(String name) {
        return name.matches("[0-7][0-9a-f]{15}\\" + SUFFIX)
                ? OptionalLong.of(Long.parseLong(name.substring(0, 16), 16))
                : OptionalLong.empty();
    }

    long end() {
        return first + count;
    }

    boolean hasRoom(int recordBytes) {
        return bytes == 0 || bytes + recordBytes <= MOST_BYTES;
    }

    void add(int recordBytes) {
        count++;
        bytes += recordBytes;
    }

    /**
     * Reads records from an offset on.
     *
     * @param from where a record begins
     * @param most at most so many
     */
    Content read(SpoolFileSystem disk, long from, int most) throws IOException {
        ByteBuffer content = ByteBuffer.wrap(disk.read(name, from));
        List<EventMessage> sound = new ArrayList<>();
        List<Integer> lost = new ArrayList<>();
        int at = 0;
        int places = 0;
        int damaged = 0;
        int end = 0;
        int size = SpoolRecord.sizeAt(content, at);
        while (size > 0 && places < most) {
            places++;
            if (SpoolRecord.isSound(content, at, size)) {
                sound.add(SpoolRecord.decode(content, at, size));
                end = at + size;
                lost.add(places - sound.size() - damaged);
                damaged = places - sound.size();
            }
            at += size;
            size = SpoolRecord.sizeAt(content, at);
        }
        return new Content(sound, lost, damaged, from + end);
    }

    /**
     * What was read.
     *
     * @param sound the records that are as they were written
     * @param lost how many are not, just before each of them
     * @param damaged how many between them are not; what follows the last sound one may as well be
     *     the remains of a write that never ended
     * @param end the offset behind the last sound record
     */
    record Content(List<EventMessage> sound, List<Integer> lost, int damaged, long end) {
        /** How many of so many records are not sound, behind the last that is. */
        int trailing(int records) {
            return records - sound.size() - lost.stream().mapToInt(Integer::intValue).sum();
        }
    }
}
