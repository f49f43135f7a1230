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
 * A queue of one shard's events on disk, which survives the end of the process.
 *
 * <p><b>Threads.</b> One thread appends, another reads and acknowledges. Both hold the lock during
 * writes and deletions, because each waits for the disk in any case. No other thread takes it.
 *
 * <p><b>Crashes.</b> {@link #append} returns when a batch is durable. It syncs the records, then
 * the name of their file, and a full file before it creates the next one. Therefore:
 *
 * <ul>
 *   <li>A new process finds a prefix of the appended events. It holds at least those for which
 *       {@code append} returned.
 *   <li>After a failed write the spool starts a new file. Its name is the number of the first
 *       record that does not count.
 *   <li>The spool deletes whole files, oldest first. The last one stays until {@link #clear},
 *       because its last record says how far the session was.
 * </ul>
 */
public final class Spool {
    private final SpoolFileSystem disk;
    private final SpoolQuota quota;
    private final LongAdder damaged;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private final ArrayDeque<SpoolSegment> segments = new ArrayDeque<>();
    private final List<String> filesToDelete = new ArrayList<>();
    private Optional<SpoolFileSystem.Output> output = Optional.empty();
    private long nextRecord;
    // open() sets them.
    private Optional<EventOrigin> lastFound = Optional.empty();
    private long firstOwnRecord;
    // Owned by the reading thread, which changes the reading segment under the lock.
    private final SpoolGaps gaps = new SpoolGaps();
    private Optional<SpoolSegment> reading = Optional.empty();
    private int readRecords;
    private long readBytes;

    private Spool(SpoolFileSystem disk, SpoolQuota quota, LongAdder damaged) {
        this.disk = disk;
        this.quota = quota;
        this.damaged = damaged;
    }

    /**
     * Opens the spool and reads the files that an earlier process left.
     *
     * @param damaged counts the damaged records that it finds now and later
     */
    public static Spool open(SpoolFileSystem disk, SpoolQuota quota, LongAdder damaged)
            throws IOException {
        Spool spool = new Spool(disk, quota, damaged);
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
            boolean hasSuccessor = i + 1 < firsts.length;
            long most = hasSuccessor ? firsts[i + 1] - firsts[i] : Integer.MAX_VALUE;
            SpoolSegment segment = new SpoolSegment(firsts[i]);
            recover(segment, (int) Math.min(most, Integer.MAX_VALUE), hasSuccessor);
        }
        firstOwnRecord = nextRecord;
    }

    private void recover(SpoolSegment segment, int most, boolean hasSuccessor) throws IOException {
        SpoolSegment.Content content = segment.read(disk, 0, most);
        int valid = content.valid().size();
        if (valid == 0 && !hasSuccessor) {
            // The process crashed before the first record was durable.
            disk.delete(segment.name);
            nextRecord = segment.first;
            return;
        }
        damaged.add(hasSuccessor ? most - valid : content.damaged());
        segment.count = hasSuccessor ? most : valid + content.damaged();
        segment.bytes = content.end();
        quota.addExisting(segment.bytes);
        segments.add(segment);
        nextRecord = segment.end();
        gaps.addFound(segment.count);
        if (valid > 0) {
            lastFound = Optional.of(content.valid().getLast().origin());
        }
    }

    /** Returns the last event that an earlier process left, if it left any. */
    public Optional<EventOrigin> found() {
        return lastFound;
    }

    /**
     * Appends a batch and makes it durable.
     *
     * @throws IOException if that fails; nothing of the batch counts, and the caller may try again
     */
    void append(List<EventMessage> batch) throws IOException {
        lock.lock();
        try {
            deleteFailedFiles();
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
        if (!quota.tryReserve(size)) {
            throw new IOException(
                    "full: %d of %d MB"
                            .formatted(quota.used() / 1_000_000, quota.capacity() / 1_000_000));
        }
        undo.taken += size;
        if (output.isEmpty() || !segments.getLast().hasRoom(size)) {
            finishOutput();
            SpoolSegment segment = new SpoolSegment(nextRecord);
            segments.addLast(segment);
            output = Optional.of(disk.create(segment.name));
        }
        output.orElseThrow().write(record);
        segments.getLast().add(size);
        nextRecord++;
    }

    /** Makes a full file and its name durable, so that no later file survives without it. */
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

    private void deleteFailedFiles() throws IOException {
        if (filesToDelete.isEmpty()) {
            return;
        }
        for (String name : filesToDelete) {
            disk.delete(name);
        }
        disk.sync();
        filesToDelete.clear();
    }

    /** Restores the state before a batch. Created and run under the lock. */
    private final class Undo {
        private final int segmentsBefore = segments.size();
        private final long nextBefore = nextRecord;
        private final int countBefore = segments.isEmpty() ? 0 : segments.getLast().count;
        private final long bytesBefore = segments.isEmpty() ? 0 : segments.getLast().bytes;
        private long taken;

        private void run() {
            while (segments.size() > segmentsBefore) {
                filesToDelete.add(segments.removeLast().name);
            }
            if (!segments.isEmpty()) {
                segments.getLast().count = countBefore;
                segments.getLast().bytes = bytesBefore;
            }
            nextRecord = nextBefore;
            quota.release(taken);
            try {
                closeOutput();
            } catch (IOException closed) {
                // The spool does not write to the file again; append() throws the first failure.
            }
        }
    }

    /**
     * Returns the next messages, at most one file of them; none if all are read. Messages of an
     * earlier process have ascending positions below 0. A {@link SpoolGapEvent} takes the place of
     * damaged records. The reading thread calls it.
     *
     * @throws IOException if the disk cannot be read; the next call reads the same again
     */
    List<EventMessage> read() throws IOException {
        SpoolSegment segment;
        int unread;
        long upTo;
        lock.lock();
        try {
            if (!findUnread()) {
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
        if (segment.first >= firstOwnRecord) {
            // open() has counted the damaged records of an earlier process.
            damaged.add(unread - content.valid().size());
        }
        List<EventMessage> messages = gaps.fill(content, unread, segment.first < firstOwnRecord);
        segment.lastRead = gaps.lastPosition();
        return messages;
    }

    /** Moves to the first segment with unread records; returns whether there is one. */
    private boolean findUnread() {
        Iterator<SpoolSegment> ahead = segments.iterator();
        while (reading.isPresent() && ahead.hasNext() && ahead.next() != reading.get()) {
            // skip the segments that are read
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
     * Deletes the files whose events RabbitMQ has confirmed. The reading thread calls it.
     *
     * @param position the last confirmed position
     */
    void acknowledge(long position) throws IOException {
        lock.lock();
        try {
            boolean removed = false;
            while (segments.size() > 1 && isDone(segments.getFirst(), position)) {
                disk.delete(segments.getFirst().name);
                quota.release(segments.removeFirst().bytes);
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

    /**
     * Returns whether everything is read and confirmed. The reading thread calls it.
     *
     * @param position the last confirmed position
     */
    boolean isDrained(long position) {
        lock.lock();
        try {
            return !findUnread() && gaps.lastPosition() <= position;
        } finally {
            lock.unlock();
        }
    }

    /** Deletes all files. No thread may append or read at the same time. */
    public void clear() throws IOException {
        lock.lock();
        try {
            closeOutput();
            deleteFailedFiles();
            while (!segments.isEmpty()) {
                disk.delete(segments.getFirst().name);
                quota.release(segments.removeFirst().bytes);
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

    /** Closes the open file and deletes nothing. */
    void close() throws IOException {
        lock.lock();
        try {
            closeOutput();
        } finally {
            lock.unlock();
        }
    }
}
