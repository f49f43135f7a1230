package loom.dispatch.simulator.world;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Generates unique snowflakes and Discord's timestamps. The gateway's lock guards it. */
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

    /**
     * Returns an id with a random time in {@code [low, high)}. Consecutive ids differ in the low 22
     * bits.
     */
    String between(long low, long high) {
        return at(random.nextLong(low, high));
    }

    private String at(long millis) {
        count++;
        return Long.toUnsignedString((millis - EPOCH) << 22 | count & 0x3f_ffff);
    }

    /** Returns a new id of the current time, higher than every earlier one. */
    public String next() {
        return at(tick());
    }

    /** Returns the simulated time in milliseconds, which increases by one per call. */
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
