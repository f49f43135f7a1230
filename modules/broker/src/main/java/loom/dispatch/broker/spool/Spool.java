package loom.dispatch.broker.spool;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One shard's events on disk, first in, first out, over any end of this process.
 *
 * <p><b>Threads.</b> One thread appends, another reads and acknowledges. The lock is held over
 * writes and deletions, for the two that take it wait for the disk in any case; nobody else does.
 *
 * <p><b>What a crash leaves.</b> {@link #append} returns when a batch is durable: records first,
 * the name of their file after them, a full file before the next one is begun. So what is found is
 * a prefix of what was appended that holds at least all that was promised. A file that failed is
 * never written again: the next one begins with the number of the first record that did not count.
 * Files are removed only as a whole, oldest first, and the last one not before {@link #clear}: who
 * finds files knows from the last record where the session stood.
 */
public final class Spool {
    private final SpoolFileSystem disk;
    private final SpoolQuota space;
    private final LongAdder damaged;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private final ArrayDeque<SpoolSegment> segments = new ArrayDeque<>();
    private final List<String> debris = new ArrayList<>();
    private Optional<SpoolFileSystem.Output> output = Optional.empty();
    private long next;
    // Set by open, constant afterwards.
    private Optional<EventOrigin> found = Optional.empty();
    private long firstOwn;
    // Owned by the reader; its place in the segments is changed under the lock.
    private Optional<SpoolSegment> reading = Optional.empty();
    private int readRecords;
    private long readBytes;
    private long foundPosition;
    private Optional<EventMessage> last = Optional.empty();
    private int lost;

    private Spool(SpoolFileSystem disk, SpoolQuota space, LongAdder damaged) {
        this.disk = disk;
        this.space = space;
        this.damaged = damaged;
    }

    /**
     * Finds what an earlier process left.
     *
     * @param damaged counts records that are not as they were written, then and later
     */
    public static Spool open(SpoolFileSystem disk, SpoolQuota space, LongAdder damaged)
            throws IOException {
        Spool spool = new Spool(disk, space, damaged);
        spool.recover();
        return spool;
    }

    private void recover() throws IOException {
        long[] firsts =
                disk.names().stream()
                        .map(SpoolSegment::firstOf)
                        .filter(OptionalLong::isPresent)
                        .mapToLong(OptionalLong::getAsLong)
                        .sorted()
                        .toArray();
        for (int i = 0; i < firsts.length; i++) {
            boolean sealed = i + 1 < firsts.length;
            long most = sealed ? firsts[i + 1] - firsts[i] : Integer.MAX_VALUE;
            SpoolSegment segment = new SpoolSegment(firsts[i]);
            recover(segment, (int) Math.min(most, Integer.MAX_VALUE), sealed);
        }
        firstOwn = next;
    }

    private void recover(SpoolSegment segment, int most, boolean sealed) throws IOException {
        SpoolSegment.Content content = segment.read(disk, 0, most);
        int sound = content.sound().size();
        if (sound == 0 && !sealed) {
            // A crash before its first record was durable.
            disk.delete(segment.name);
            next = segment.first;
            return;
        }
        damaged.add(sealed ? most - sound : content.damaged());
        segment.count = sealed ? most : sound + content.damaged();
        segment.bytes = content.end();
        space.found(segment.bytes);
        segments.add(segment);
        next = segment.end();
        // one for each record, or for the gap in its place
        foundPosition -= segment.count;
        if (sound > 0) {
            found = Optional.of(content.sound().getLast().origin());
        }
    }

    /** The last event that an earlier process left, if it left any. */
    public Optional<EventOrigin> found() {
        return found;
    }

    /**
     * Appends, and makes durable.
     *
     * @throws IOException if it could not; then nothing of the batch counts, and it may be tried
     *     again
     */
    void append(List<EventMessage> batch) throws IOException {
        lock.lock();
        try {
            removeDebris();
            Undo undo = new Undo();
            try {
                for (EventMessage message : batch) {
                    write(message, undo);
                }
                output.orElseThrow().sync();
                if (segments.size() > undo.segmentsBefore) {
                    disk.sync();
                }
            } catch (IOException | RuntimeException failure) {
                undo.run();
                throw failure;
            }
        } finally {
            lock.unlock();
        }
    }

    private void write(EventMessage message, Undo undo) throws IOException {
        ByteBuffer record = SpoolRecord.encode(message);
        int size = record.remaining();
        if (!space.take(size)) {
            throw new IOException(
                    "full: %d of %d MB"
                            .formatted(space.used() / 1_000_000, space.capacity() / 1_000_000));
        }
        undo.taken += size;
        if (output.isEmpty() || !segments.getLast().hasRoom(size)) {
            finishOutput();
            SpoolSegment segment = new SpoolSegment(next);
            segments.addLast(segment);
            output = Optional.of(disk.create(segment.name));
        }
        output.orElseThrow().write(record);
        segments.getLast().add(size);
        next++;
    }

    /** A file and its name are durable before the next one is begun: no hole can be left. */
    private void finishOutput() throws IOException {
        if (output.isPresent()) {
            output.get().sync();
            disk.sync();
            closeOutput();
        }
    }

    private void closeOutput() throws IOException {
        if (output.isPresent()) {
            SpoolFileSystem.Output closing = output.get();
            output = Optional.empty();
            closing.close();
        }
    }

    private void removeDebris() throws IOException {
        if (debris.isEmpty()) {
            return;
        }
        for (String name : debris) {
            disk.delete(name);
        }
        disk.sync();
        debris.clear();
    }

    /** How things stood before a batch. Made and run under the lock. */
    private final class Undo {
        private final int segmentsBefore = segments.size();
        private final long nextBefore = next;
        private final int countBefore = segments.isEmpty() ? 0 : segments.getLast().count;
        private final long bytesBefore = segments.isEmpty() ? 0 : segments.getLast().bytes;
        private long taken;

        private void run() {
            while (segments.size() > segmentsBefore) {
                debris.add(segments.removeLast().name);
            }
            if (!segments.isEmpty()) {
                segments.getLast().count = countBefore;
                segments.getLast().bytes = bytesBefore;
            }
            next = nextBefore;
            space.give(taken);
            try {
                closeOutput();
            } catch (IOException closed) {
                // The file is not written again, and the failure itself is on its way.
            }
        }
    }

    /**
     * Reader: the next messages, at most a segment of them; empty when all are read. Those that an
     * earlier process left have positions below 0, in their order. In the place of records that are
     * not as they were written is a {@link SpoolGapEvent}.
     *
     * @throws IOException if the disk cannot be read; the same is read again next time
     */
    List<EventMessage> read() throws IOException {
        SpoolSegment segment;
        int unread;
        long upTo;
        lock.lock();
        try {
            if (!moveOn()) {
                return List.of();
            }
            segment = reading.orElseThrow();
            unread = segment.count - readRecords;
            upTo = segment.bytes;
        } finally {
            lock.unlock();
        }
        SpoolSegment.Content content = segment.read(disk, readBytes, unread);
        readRecords += unread;
        readBytes = upTo;
        if (segment.first >= firstOwn) {
            // What was damaged when it was found is counted already.
            damaged.add(unread - content.sound().size());
        }
        List<EventMessage> next = withGaps(content, unread, segment.first < firstOwn);
        segment.lastRead = position();
        return next;
    }

    /** The sound records, and a message in the place of those that are not. */
    private List<EventMessage> withGaps(
            SpoolSegment.Content content, int unread, boolean wasFound) {
        List<EventMessage> messages = new ArrayList<>(unread);
        for (int i = 0; i < content.sound().size(); i++) {
            EventMessage sound = content.sound().get(i);
            lost += content.lost().get(i);
            if (lost > 0) {
                messages.add(gap(sound, wasFound));
            }
            last = Optional.of(wasFound ? sound.withPosition(foundPosition++) : sound);
            messages.add(last.get());
        }
        lost += content.trailing(unread);
        if (lost > 0 && last.isPresent()) {
            messages.add(gap(last.get(), wasFound));
        }
        return messages;
    }

    /** For what is lost behind the last sound record, or before the very first. */
    private EventMessage gap(EventMessage next, boolean wasFound) {
        int records = lost;
        lost = 0;
        if (last.isEmpty()) {
            long before = wasFound ? foundPosition++ : next.position() - 1;
            return SpoolGapEvent.before(next, records, before);
        }
        // The first lost record's own, or one that nobody has.
        EventMessage told =
                SpoolGapEvent.behind(last.get(), wasFound ? foundPosition++ : position() + 1);
        last = last.map(message -> message.withPosition(told.position()));
        return told;
    }

    /** Of the last message that was read. */
    private long position() {
        return last.map(EventMessage::position).orElse(Long.MIN_VALUE);
    }

    /** Goes to the first segment with something to read; false if there is none. */
    private boolean moveOn() {
        Iterator<SpoolSegment> ahead = segments.iterator();
        while (reading.isPresent() && ahead.hasNext() && ahead.next() != reading.get()) {
            // Those before it are read.
        }
        while (reading.isEmpty() || readRecords == reading.get().count) {
            if (!ahead.hasNext()) {
                return false;
            }
            reading = Optional.of(ahead.next());
            readRecords = 0;
            readBytes = 0;
        }
        return true;
    }

    /**
     * Reader: everything up to this position is confirmed; removes the files that are not needed.
     */
    void acknowledge(long position) throws IOException {
        lock.lock();
        try {
            boolean removed = false;
            while (segments.size() > 1 && isDone(segments.getFirst(), position)) {
                disk.delete(segments.getFirst().name);
                space.give(segments.removeFirst().bytes);
                removed = true;
            }
            if (removed) {
                disk.sync();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isDone(SpoolSegment segment, long position) {
        return reading.isPresent()
                && segment.first < reading.get().first
                && segment.lastRead <= position;
    }

    /** Reader: whether everything is read and confirmed up to this position. */
    boolean isDrained(long position) {
        lock.lock();
        try {
            return !moveOn() && position() <= position;
        } finally {
            lock.unlock();
        }
    }

    /** Removes everything; only while nobody appends or reads. */
    public void clear() throws IOException {
        lock.lock();
        try {
            closeOutput();
            removeDebris();
            while (!segments.isEmpty()) {
                disk.delete(segments.getFirst().name);
                space.give(segments.removeFirst().bytes);
            }
            reading = Optional.empty();
            disk.sync();
        } finally {
            lock.unlock();
        }
    }

    public boolean isEmpty() {
        lock.lock();
        try {
            return segments.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends it; what is on disk stays there. */
    void close() throws IOException {
        lock.lock();
        try {
            closeOutput();
        } finally {
            lock.unlock();
        }
    }
}
