package loom.dispatch.broker.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A file system in memory that crashes or fails at a chosen operation.
 *
 * <p>It tracks what is durable. As POSIX allows, bytes and names that are not durable can survive a
 * crash completely, in part, garbled, or not at all.
 */
final class FailingFileSystem implements SpoolFileSystem {
    /** The process crashes. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    private static final class Content {
        private byte[] bytes = {};
        private int durable;
    }

    private final Random random;
    private final Map<String, Content> files = new HashMap<>();
    private final Map<String, Content> durableNames = new HashMap<>();
    private long stepsLeft = Long.MAX_VALUE;
    private int failures;

    FailingFileSystem(Random random) {
        this.random = random;
    }

    /** Crashes after this number of further operations. */
    void crashAfter(long steps) {
        stepsLeft = steps;
    }

    /** Makes this number of the next writing operations fail. */
    void failTimes(int times) {
        failures = times;
    }

    private void step() {
        if (stepsLeft-- == 0) {
            throw new Crash();
        }
    }

    private void mayFail() throws IOException {
        step();
        if (failures > 0 && random.nextBoolean()) {
            failures--;
            throw new IOException("No space left on device");
        }
    }

    /** Returns the file system after the crash. */
    FailingFileSystem reboot() {
        FailingFileSystem after = new FailingFileSystem(random);
        files.forEach((name, content) -> {
            if (durableNames.get(name) == content || random.nextBoolean()) {
                after.restore(name, survivor(content));
            }
        });
        durableNames.forEach((name, content) -> {
            boolean deleted = files.get(name) != content;
            if (deleted && !after.files.containsKey(name) && random.nextBoolean()) {
                after.restore(name, survivor(content));
            }
        });
        return after;
    }

    private byte[] survivor(Content content) {
        int volatileBytes = content.bytes.length - content.durable;
        int length = content.durable + (volatileBytes == 0 ? 0 : random.nextInt(volatileBytes + 1));
        byte[] bytes = Arrays.copyOf(content.bytes, length);
        if (length > content.durable && random.nextInt(3) == 0) {
            // the length reached the disk, the block did not
            Arrays.fill(bytes, content.durable, length, (byte) 0);
        }
        return bytes;
    }

    private void restore(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes;
        content.durable = bytes.length;
        files.put(name, content);
        durableNames.put(name, content);
    }

    /** Flips one bit. */
    void flip(String name, int at, int bit) {
        files.get(name).bytes[at] ^= (byte) (1 << bit);
    }

    int size(String name) {
        return files.get(name).bytes.length;
    }

    @Override
    public List<String> names() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public Output create(String name) throws IOException {
        mayFail();
        Content content = new Content();
        files.put(name, content);
        return new Writer(content);
    }

    @Override
    public byte[] read(String name, long from) {
        byte[] bytes = files.get(name).bytes;
        return Arrays.copyOfRange(bytes, (int) Math.min(from, bytes.length), bytes.length);
    }

    @Override
    public void delete(String name) throws IOException {
        mayFail();
        files.remove(name);
    }

    @Override
    public void sync() throws IOException {
        mayFail();
        durableNames.clear();
        durableNames.putAll(files);
    }

    private final class Writer implements Output {
        private final Content content;

        private Writer(Content content) {
            this.content = content;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            try {
                mayFail();
                append(all);
            } catch (IOException | Crash interrupted) {
                append(Arrays.copyOf(all, random.nextInt(all.length + 1)));
                throw interrupted;
            }
        }

        private void append(byte[] more) {
            int before = content.bytes.length;
            content.bytes = Arrays.copyOf(content.bytes, before + more.length);
            System.arraycopy(more, 0, content.bytes, before, more.length);
        }

        @Override
        public void sync() throws IOException {
            mayFail();
            content.durable = content.bytes.length;
        }

        @Override
        public void close() {
            step();
        }
    }
}
