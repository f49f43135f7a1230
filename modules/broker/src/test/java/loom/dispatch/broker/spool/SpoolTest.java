package loom.dispatch.broker.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/**
 * Tests the spool on a disk that crashes, fails or damages records. The reader gets every appended
 * event once and in order.
 */
class SpoolTest {
    private static final long CAPACITY = 1L << 40;

    private final LongAdder damaged = new LongAdder();

    private static EventMessage message(long sequence, int bytes) {
        EventOrigin origin =
                new EventOrigin(0, sequence, "s", "81384788765712384", sequence % 2 == 0);
        byte[] body = new byte[bytes];
        new Random(sequence).nextBytes(body);
        return new EventMessage(sequence, "E\u00e9", body, "s:" + sequence, sequence * 7, origin);
    }

    private static List<EventMessage> batch(long first, int count, int bytes) {
        return LongStream.range(first, first + count).mapToObj(n -> message(n, bytes)).toList();
    }

    private Spool open(SpoolFileSystem disk) throws IOException {
        return Spool.open(disk, new SpoolQuota(CAPACITY), damaged);
    }

    private static List<EventMessage> readAll(Spool spool) throws IOException {
        List<EventMessage> all = new ArrayList<>();
        for (List<EventMessage> some = spool.read(); !some.isEmpty(); some = spool.read()) {
            all.addAll(some);
        }
        return all;
    }

    private static List<Long> sequences(List<EventMessage> messages) {
        return messages.stream().map(message -> message.origin().sequence()).toList();
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void returnsEveryFieldOfMessage() throws Exception {
        FailingFileSystem disk = new FailingFileSystem(new Random(1));
        Spool spool = open(disk);
        spool.append(batch(1, 3, 100));
        assertSame(batch(1, 3, 100), spool.read());
        List<EventMessage> found = open(disk).read();
        assertEquals(List.of(-3L, -2L, -1L), found.stream().map(EventMessage::position).toList());
        assertSame(batch(1, 3, 100), found);
    }

    private static void assertSame(List<EventMessage> expected, List<EventMessage> found) {
        assertEquals(expected.size(), found.size());
        for (int i = 0; i < expected.size(); i++) {
            EventMessage one = expected.get(i);
            EventMessage other = found.get(i).withPosition(one.position());
            assertEquals(
                    SpoolRecord.encode(one),
                    SpoolRecord.encode(other),
                    "message " + one.position());
        }
    }

    /** Four processes in turn, each of which crashes at a random operation of the disk. */
    @Test
    void losesNoEventWhereverProcessEnds() throws Exception {
        for (int seed = 0; seed < 250; seed++) {
            Random random = new Random(seed);
            FailingFileSystem disk = new FailingFileSystem(random);
            Processes processes = new Processes(random);
            for (int process = 0; process < 4; process++) {
                disk.crashAfter(random.nextInt(1 + random.nextInt(120)));
                disk.failTimes(random.nextInt(3));
                try {
                    processes.run(open(disk), 40);
                } catch (FailingFileSystem.Crash ended) {
                    disk = disk.reboot();
                } catch (IOException failedAtStart) {
                    disk.failTimes(0);
                }
                disk.crashAfter(Long.MAX_VALUE);
                disk.failTimes(0);
                processes.assertKept(readAll(open(disk)), "seed " + seed + " process " + process);
            }
        }
    }

    /** The events that the processes appended and acknowledged. */
    private static final class Processes {
        private final Random random;
        private long attempted;
        private long durable;
        private long confirmed;

        private Processes(Random random) {
            this.random = random;
        }

        private void run(Spool spool, int actions) throws IOException {
            List<EventMessage> read = new ArrayList<>();
            for (int action = 0; action < actions; action++) {
                switch (random.nextInt(4)) {
                    case 0 -> read.addAll(spool.read());
                    case 1 -> acknowledge(spool, read);
                    default -> append(spool);
                }
            }
        }

        private void append(Spool spool) {
            int count = 1 + random.nextInt(5);
            int bytes = random.nextInt(3) == 0 ? 90_000 : random.nextInt(2_000);
            attempted = durable + count;
            boolean appended = false;
            while (!appended) {
                try {
                    spool.append(batch(durable + 1, count, bytes));
                    appended = true;
                } catch (IOException triedAgain) {
                    continue;
                }
            }
            durable = attempted;
        }

        private void acknowledge(Spool spool, List<EventMessage> read) {
            if (!read.isEmpty()) {
                EventMessage last = read.get(random.nextInt(read.size()));
                confirmed = Math.max(confirmed, last.origin().sequence());
                try {
                    spool.acknowledge(last.position());
                } catch (IOException triedAgainLater) {
                    confirmed = Math.max(confirmed, last.origin().sequence());
                }
            }
        }

        private void assertKept(List<EventMessage> found, String when) {
            List<Long> kept =
                    sequences(found).stream().filter(sequence -> sequence > confirmed).toList();
            long last = kept.isEmpty() ? confirmed : kept.getLast();
            assertTrue(last >= durable, () -> when + " lost: " + last + " of " + durable);
            assertTrue(last <= attempted, when);
            assertEquals(range(confirmed + 1, last), kept, when);
            for (int i = 1; i < found.size(); i++) {
                assertTrue(found.get(i).position() > found.get(i - 1).position(), when);
            }
            // A batch whose append did not return may be on disk too.
            durable = last;
        }
    }

    @Test
    void failedBatchCanBeAppendedAgain() throws Exception {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            FailingFileSystem disk = new FailingFileSystem(random);
            Spool spool = open(disk);
            List<EventMessage> read = new ArrayList<>();
            long next = 1;
            for (int round = 0; round < 30; round++) {
                disk.failTimes(random.nextInt(4));
                int count = 1 + random.nextInt(6);
                boolean appended = false;
                while (!appended) {
                    try {
                        spool.append(batch(next, count, random.nextInt(80_000)));
                        appended = true;
                    } catch (IOException full) {
                        read.addAll(readAll(spool));
                    }
                }
                next += count;
            }
            read.addAll(readAll(spool));
            assertEquals(range(1, next - 1), sequences(read), "seed " + seed);
        }
    }

    @Test
    void fullSpoolRejectsBatchesUntilFilesAreDeleted() throws Exception {
        SpoolQuota space = new SpoolQuota(1_000_000);
        Spool spool = Spool.open(new FailingFileSystem(new Random(1)), space, damaged);
        spool.append(batch(1, 9, 100_000));
        IOException full =
                assertThrows(IOException.class, () -> spool.append(batch(10, 2, 60_000)));
        assertTrue(full.getMessage().startsWith("full: "), full.getMessage());
        assertEquals(range(1, 9), sequences(readAll(spool)));
        spool.acknowledge(9);
        spool.append(batch(10, 2, 60_000));
        assertEquals(range(10, 11), sequences(readAll(spool)));
        assertFalse(spool.isDrained(10));
        assertTrue(spool.isDrained(11));
        spool.clear();
        assertEquals(0, space.used());
    }

    @Test
    void flippedBitReplacesOneRecordByGap() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            FailingFileSystem disk = new FailingFileSystem(random);
            open(disk).append(batch(11, 20, 500));
            String file = disk.names().getFirst();
            int size = disk.size(file) / 20;
            int record = random.nextInt(19);
            // After the length field: a wrong length hides the following records.
            int at = record * size + 4 + random.nextInt(size - 4);
            disk.flip(file, at, random.nextInt(8));
            damaged.reset();
            List<EventMessage> found = readAll(open(disk));
            List<Long> expected = new ArrayList<>(range(11, 30));
            // the gap has the last sequence before it
            expected.set(record, 10L + record);
            assertEquals(expected, sequences(found), "seed " + seed);
            assertEquals("DISPATCH_GAP", found.get(record).routingKey(), "seed " + seed);
            assertEquals(1, damaged.sum(), "seed " + seed);
        }
    }

    @Test
    void reportsOwnDamagedRecordsAtFreePositions() throws Exception {
        FailingFileSystem disk = new FailingFileSystem(new Random(1));
        Spool spool = open(disk);
        spool.append(batch(1, 5, 500));
        String file = disk.names().getFirst();
        // the third record, and the last one, after which no valid one follows
        disk.flip(file, disk.size(file) / 5 * 2 + 20, 3);
        disk.flip(file, disk.size(file) - 1, 3);
        List<EventMessage> read = readAll(spool);
        assertEquals(range(1, 5), read.stream().map(EventMessage::position).toList());
        assertEquals(List.of(1L, 2L, 2L, 4L, 4L), sequences(read));
        assertEquals(2, damaged.sum());
        String gap = new String(read.getLast().body(), StandardCharsets.UTF_8);
        assertTrue(gap.contains("\"last_sequence\":4,\"session_id\":\"s\""), gap);
        assertFalse(spool.isDrained(4));
        spool.append(batch(6, 1, 10));
        assertEquals(range(6, 6), sequences(readAll(spool)));
        assertTrue(spool.isDrained(6));
    }

    /** The session resumes after the last record on disk, so Discord sends the torn one again. */
    @Test
    void ignoresTornLastRecord() throws Exception {
        FailingFileSystem disk = new FailingFileSystem(new Random(1));
        open(disk).append(batch(1, 20, 500));
        String file = disk.names().getFirst();
        disk.flip(file, disk.size(file) - 1, 3);
        Spool spool = open(disk);
        assertEquals(19, spool.found().orElseThrow().sequence());
        assertEquals(0, damaged.sum());
        spool.append(batch(20, 1, 10));
        assertEquals(range(1, 20), sequences(readAll(open(disk))));
    }
}
