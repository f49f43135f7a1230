package loom.dispatch.broker;

import loom.dispatch.broker.spool.DirectoryFileSystem;
import loom.dispatch.broker.spool.Spool;
import loom.dispatch.broker.spool.SpoolQuota;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The directory with the spools of all shards. A lock file reserves it for one process.
 *
 * <p>Each shard has a subdirectory {@code shard-S-of-N}. If the number of shards changes, the
 * sessions become useless, but the spooled events must still be published. Used by the thread that
 * creates the lanes.
 */
public final class SpoolDirectory implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("shard-(\\d{1,6})-of-(\\d{1,6})");

    private final Path folder;
    private final int totalShards;
    private final FileChannel lockFile;
    private final SpoolQuota quota;
    private final LongAdder damaged = new LongAdder();
    private final Map<Name, Spool> found = new LinkedHashMap<>();

    private record Name(int shard, int total) {
        String text() {
            return "shard-" + shard + "-of-" + total;
        }
    }

    private SpoolDirectory(Path folder, FileChannel lockFile, long capacityBytes, int totalShards) {
        this.folder = folder;
        this.lockFile = lockFile;
        this.quota = new SpoolQuota(capacityBytes);
        this.totalShards = totalShards;
    }

    /**
     * Opens the directory and creates it if necessary. Reads every spool that an earlier process
     * left.
     *
     * @param capacityBytes the limit of bytes for all spools together
     * @param totalShards the bot's number of shards
     * @throws IOException if the directory cannot be used, or another process uses it; its message
     *     is one line for the operator
     */
    public static SpoolDirectory open(Path folder, long capacityBytes, int totalShards)
            throws IOException {
        Files.createDirectories(folder);
        FileChannel lockFile =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        SpoolDirectory spools = new SpoolDirectory(folder, lockFile, capacityBytes, totalShards);
        try {
            if (!isLocked(lockFile)) {
                throw new IOException(
                        "another process uses it; each process needs its own directory");
            }
            spools.find();
            return spools;
        } catch (IOException | RuntimeException failure) {
            spools.close();
            throw failure;
        }
    }

    private static boolean isLocked(FileChannel lockFile) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    private void find() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
            for (Path path : folders) {
                Matcher matcher = NAME.matcher(path.getFileName().toString());
                if (matcher.matches()) {
                    Name name =
                            new Name(
                                    Integer.parseInt(matcher.group(1)),
                                    Integer.parseInt(matcher.group(2)));
                    found.put(name, open(name));
                }
            }
        }
    }

    private Spool open(Name name) throws IOException {
        return Spool.open(new DirectoryFileSystem(folder.resolve(name.text())), quota, damaged);
    }

    /**
     * Returns the last spooled event of an earlier process, by shard. The session resumes after
     * this event, because the lane publishes the spooled events before any new one.
     */
    public Map<Integer, EventOrigin> lastEvents() {
        Map<Integer, EventOrigin> last = new HashMap<>();
        found.forEach((name, spool) -> {
            if (name.total() == totalShards) {
                spool.found().ifPresent(origin -> last.put(name.shard(), origin));
            }
        });
        return last;
    }

    /** Deletes the spooled events of an earlier process, because RabbitMQ confirmed all of them. */
    public void forget(int shard) throws IOException {
        Spool spool = found.get(new Name(shard, totalShards));
        if (spool != null) {
            spool.clear();
        }
    }

    /** Returns the spool of a shard. */
    Spool spool(int shard) throws IOException {
        Name name = new Name(shard, totalShards);
        Spool spool = found.get(name);
        if (spool == null) {
            spool = open(name);
            found.put(name, spool);
        }
        return spool;
    }

    /** Returns the non-empty spools of other shards, and of shards of another total. */
    Map<Spool, Integer> otherSpools(int firstShard, int lastShard) {
        return found.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .filter(entry ->
                        entry.getKey().total() != totalShards
                                || entry.getKey().shard() < firstShard
                                || entry.getKey().shard() > lastShard)
                .collect(Collectors.toMap(Map.Entry::getValue, entry -> entry.getKey().shard()));
    }

    BrokerStats.SpoolStats stats(int spooling, int failing) {
        return new BrokerStats.SpoolStats(
                spooling, failing, quota.used(), quota.capacity(), damaged.sum());
    }

    /** Releases the lock, so that another process may use the directory. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
