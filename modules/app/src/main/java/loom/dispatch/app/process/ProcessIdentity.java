package loom.dispatch.app.process;

import loom.dispatch.cache.ShardLeaseHolder;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Identifies this process as a holder of shards, and tells whether another holder has ended.
 *
 * <p>A process id is unique within one boot of one machine and one PID namespace. There, a process
 * that does not exist or has another start time has ended. About other processes nothing is known.
 */
public final class ProcessIdentity {
    private static final String UNKNOWN_SCOPE = "-";

    /**
     * The kernel gives start times in ticks since the boot, and the time of the boot may be
     * corrected.
     */
    private static final long TOLERANCE_MILLIS = 2_000;

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path PID_SPACE = Path.of("/proc/self/ns/pid");

    private ProcessIdentity() {}

    /** Returns this process as the holder of these shards. */
    public static ShardLeaseHolder as(int firstShard, int lastShard, int totalShards) {
        return new ShardLeaseHolder(
                UUID.randomUUID().toString(),
                firstShard,
                lastShard,
                totalShards,
                host(),
                scope(),
                ProcessHandle.current().pid(),
                startMillis(ProcessHandle.current()).orElse(0L));
    }

    /** Returns whether that process is known to have ended. */
    public static boolean isDead(ShardLeaseHolder other) {
        if (other.scope().equals(UNKNOWN_SCOPE) || !other.scope().equals(scope())) {
            return false;
        }
        Optional<Long> started =
                ProcessHandle.of(other.pid()).flatMap(ProcessIdentity::startMillis);
        return started.filter(at -> Math.abs(at - other.startMillis()) < TOLERANCE_MILLIS)
                .isEmpty();
    }

    private static Optional<Long> startMillis(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().replaceAll("\\s", "_");
        } catch (UnknownHostException _) {
            return "unknown";
        }
    }

    private static String scope() {
        try {
            String space = Files.readSymbolicLink(PID_SPACE).toString();
            return (Files.readString(BOOT_ID).strip() + "/" + space).replaceAll("\\s", "_");
        } catch (IOException | UnsupportedOperationException _) {
            return UNKNOWN_SCOPE;
        }
    }
}
