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
 * A disk in memory that knows what is durable, and that ends the process or fails at a chosen step.
 *
 * <p>After a crash everything that was not made durable may be there, in part or garbled, or not:
 * as POSIX has it.
 */
final class FailingFileSystem implements SpoolFileSystem {
    /** The process ends here. */
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

    /** Crashes at the step after so many more. */
    void crashAfter(long steps) {
        stepsLeft = steps;
    }

    /** Fails at so many of the coming steps that change something. */
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

    /** The machine after the crash. */
    FailingFileSystem reboot() {
        FailingFileSystem after = new FailingFileSystem(random);
        files.forEach((name, content) -> {
            if (durableNames.get(name) == content || random.nextBoolean()) {
                after.keep(name, survivor(content));
            }
        });
        durableNames.forEach((name, content) -> {
            boolean deleted = files.get(name) != content;
            if (deleted && !after.files.containsKey(name) && random.nextBoolean()) {
                after.keep(name, survivor(content));
            }
        });
        return after;
    }

    private byte[] survivor(Content content) {
        int volatileBytes = content.bytes.length - content.durable;
        int length = content.durable + (volatileBytes == 0 ? 0 : random.nextInt(volatileBytes + 1));
        byte[] bytes = Arrays.copyOf(content.bytes, length);
        if (length > content.durable && random.nextInt(3) == 0) {
            // The length was written, the block was not.
            Arrays.fill(bytes, content.durable, length, (byte) 0);
        }
        return bytes;
    }

    private void keep(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes;
        content.durable = bytes.length;
        files.put(name, content);
        durableNames.put(name, content);
    }

    /** Turns one bit over. */
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
