package loom.dispatch.app.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;

import org.junit.jupiter.api.Test;

import java.util.concurrent.TimeUnit;

/** What consumers are told of an event besides its body. */
final class ShardPipelineTest {
    @Test
    void theTimestampIsThatOfTheArrivalHoweverLongTheEventWaited() {
        long minuteNanos = TimeUnit.MINUTES.toNanos(1);
        var event =
                new DispatchEvent(
                        1, 0, Session.withoutUrl("s"), 1, "X", "", new byte[0], -5, false);
        assertEquals(
                1_000_000 - 60_000,
                ShardPipeline.receivedMillis(event, 1_000_000, minuteNanos - 5));
    }
}
