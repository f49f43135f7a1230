package loom.dispatch.simulator.world;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Unique snowflakes and Discord's timestamps. Guarded by the gateway's lock. */
public final class SnowflakeGenerator {
    static final long T2018 = 1_514_764_800_000L;
    static final long T2021 = 1_609_459_200_000L;
    static final long T2025 = 1_735_689_600_000L;
    static final long T2026 = 1_785_585_600_000L;

    private static final long EPOCH = 1_420_070_400_000L;
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT);

    private final RandomGenerator random;
    private long count;
    private long nowMillis = T2026 + 432_000_000;

    SnowflakeGenerator(RandomGenerator random) {
        this.random = random;
    }

    /** An id made some time in {@code [low, high)}; the low 22 bits never repeat in a row. */
    String between(long low, long high) {
        return at(random.nextLong(low, high));
    }

    private String at(long millis) {
        count++;
        return Long.toUnsignedString((millis - EPOCH) << 22 | count & 0x3f_ffff);
    }

    /** A new id of the running time, higher than every one before. */
    public String next() {
        return at(tick());
    }

    /** The simulated time in milliseconds, one further at each call. */
    public long tick() {
        return ++nowMillis;
    }

    public String now() {
        return iso(tick());
    }

    static String iso(long millis) {
        return ISO.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }
}
