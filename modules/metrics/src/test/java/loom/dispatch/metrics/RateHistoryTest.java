package loom.dispatch.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Tests the sampling of rates and the bound of the history. */
final class RateHistoryTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void dividesByMeasuredTimeBetweenSamples() {
        var total = new AtomicLong(500);
        var history = new RateHistory(total::get, 0);
        total.set(700);
        history.sample(2 * SECOND);
        total.set(760);
        history.sample(5 * SECOND);
        history.sample(6 * SECOND);
        assertEquals(List.of(100.0, 20.0, 0.0), history.perSecond());
    }

    @Test
    void keepsLatestSamplesInOrder() {
        var total = new AtomicLong();
        var history = new RateHistory(total::get, 0);
        for (int i = 1; i <= RateHistory.CAPACITY + 7; i++) {
            total.addAndGet(i);
            history.sample(i * SECOND);
        }
        List<Double> rates = history.perSecond();
        assertEquals(RateHistory.CAPACITY, rates.size());
        assertEquals(8.0, rates.getFirst());
        assertEquals(RateHistory.CAPACITY + 7.0, rates.getLast());
    }
}
