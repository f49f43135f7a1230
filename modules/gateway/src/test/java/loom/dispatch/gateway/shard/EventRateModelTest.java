package loom.dispatch.gateway.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Checks which silences are improbable, and which are only quiet times. */
final class EventRateModelTest {
    private static final int HOUR = 360;

    private final EventRateModel eventRate = new EventRateModel();

    private void busy(int ticks) {
        for (int i = 0; i < ticks; i++) {
            eventRate.event();
        }
    }

    /** Returns the ticks of silence until it is judged improbable, at most this number. */
    private int untilBroken(int most) {
        int ticks = 0;
        while (!eventRate.isImprobable(1) && ticks < most) {
            eventRate.silence();
            ticks++;
        }
        return ticks;
    }

    @Test
    void busyShardIsBrokenAfterTenMinutesOfSilence() {
        busy(HOUR);
        assertEquals(EventRateModel.LEAST_SILENCE, untilBroken(10 * HOUR));
        assertFalse(eventRate.isImprobable(2), "with twice the patience not yet");
    }

    @Test
    void singleBurstThenSilenceIsNotBroken() {
        busy(EventRateModel.LEAST_PAST - 1);
        assertEquals(10 * HOUR, untilBroken(10 * HOUR), "its past is too short");
    }

    @Test
    void rareEventsRequireLongerSilence() {
        for (int i = 0; i < 100; i++) {
            for (int quiet = 0; quiet < 29; quiet++) {
                eventRate.silence();
            }
            eventRate.event();
        }
        int ticks = untilBroken(10 * HOUR);
        assertTrue(
                ticks > 3 * HOUR && ticks < 8 * HOUR, ticks + " ticks, an event every 5 minutes");
    }

    @Test
    void dailyRhythmIsNeverBroken() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        for (int tick = 0; tick < 20 * 24 * HOUR; tick++) {
            double day = 0.5 + 0.5 * Math.cos(2 * Math.PI * tick / (24.0 * HOUR));
            // from an event in nearly every tick to one in ten minutes
            if (random.nextDouble() < Math.max(0.9 * day, 1.0 / 60)) {
                eventRate.event();
            } else {
                eventRate.silence();
            }
            assertFalse(eventRate.isImprobable(1), "seed " + seed + ", tick " + tick);
        }
    }
}
