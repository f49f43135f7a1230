package loom.dispatch.gateway.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.OutboundFrame;
import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.limits.SlidingWindow;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Checks the outcomes of frames that wait for a connection, on a simulated clock. */
final class OutboundQueueTest {
    private static final String REQUEST =
            "{\"op\":8,\"d\":{\"guild_id\":\"7\",\"query\":\"\",\"limit\":0,\"nonce\":\"n\"}}";

    private long nanos;
    private final OutboundQueue queue = new OutboundQueue(() -> nanos);
    private final List<QueuedFrame> inbox = new ArrayList<>();
    private final OutboundAdmission admission = new OutboundAdmission(() -> nanos, inbox::add);

    private CompletableFuture<SendOutcome> send(String frame, Optional<Duration> expires) {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        var outcome = admission.admit(new OutboundFrame(0, bytes, 0, expires));
        inbox.forEach(queue::add);
        inbox.clear();
        queue.sendDue(Optional.empty());
        return outcome;
    }

    private CompletableFuture<SendOutcome> send(String frame) {
        return send(frame, Optional.empty());
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        queue.sendDue(Optional.empty());
    }

    private static SendOutcome outcome(CompletableFuture<SendOutcome> of) throws Exception {
        return of.get(10, TimeUnit.SECONDS);
    }

    private static String presence(String name) {
        return """
        {"op":3,"d":{"since":null,"activities":[{"name":"%s","type":0}],"status":"idle","afk":false}}
        """
                .formatted(name)
                .strip();
    }

    @Test
    void frameWaitsForReconnectAndThenEndsNotConnected() throws Exception {
        var waiting = send("{\"op\":4,\"d\":{}}");
        pass(OutboundQueue.SESSION_WAIT.minusMillis(1));
        assertFalse(waiting.isDone());
        assertEquals(Duration.ofMillis(1).toNanos(), queue.untilDueNanos());
        pass(Duration.ofMillis(1));
        assertEquals(new SendOutcome.NotConnected(), outcome(waiting));
    }

    @Test
    void frameWithExpiryWaitsUntilItExpires() throws Exception {
        var brief = send("{\"op\":4,\"d\":{}}", Optional.of(Duration.ofMillis(10)));
        var outcome = send("{\"op\":4,\"d\":{}}", Optional.of(Duration.ofMinutes(2)));
        pass(Duration.ofMillis(10));
        assertEquals(new SendOutcome.Expired(), outcome(brief));
        pass(Duration.ofMinutes(1));
        assertFalse(outcome.isDone());
        pass(Duration.ofMinutes(1));
        assertEquals(new SendOutcome.Expired(), outcome(outcome));
    }

    @Test
    void noFrameWaitsLongerThanRabbitmqKeepsDelivery() throws Exception {
        var waiting = send("{\"op\":4,\"d\":{}}", Optional.of(Duration.ofDays(2)));
        pass(OutboundQueue.LONGEST_WAIT);
        assertEquals(new SendOutcome.Expired(), outcome(waiting));
    }

    @Test
    void identifyIncludesLatestPresenceAndEndsWaitingOnes() throws Exception {
        var first = send(presence("first"));
        var second = send(presence("second"), Optional.of(Duration.ofMinutes(1)));
        var third = send(presence("third"));
        Map<String, Object> taken = queue.takePresence().orElseThrow();
        assertTrue(taken.toString().contains("third"), taken::toString);
        for (var each : List.of(first, second, third)) {
            assertEquals(new SendOutcome.Sent(), outcome(each));
        }
        assertEquals(taken, queue.takePresence().orElseThrow(), "and every later one too");
    }

    @Test
    void newerPresenceReplacesWaitingOneAndSharesItsOutcome() throws Exception {
        var older = send(presence("older"), Optional.of(Duration.ofMinutes(1)));
        var newer = send(presence("newer"), Optional.of(Duration.ofMinutes(2)));
        pass(Duration.ofMinutes(1));
        assertFalse(older.isDone());
        pass(Duration.ofMinutes(1));
        assertEquals(new SendOutcome.Expired(), outcome(newer));
        assertEquals(new SendOutcome.Expired(), outcome(older));
    }

    @Test
    void queueIsBoundedInFramesAndRoomIsReleased() throws Exception {
        List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
        for (int i = 0; i < OutboundAdmission.MOST_FRAMES; i++) {
            all.add(send("{\"op\":4,\"d\":{}}"));
        }
        assertEquals(new SendOutcome.QueueFull(), outcome(send("{\"op\":4,\"d\":{}}")));
        pass(OutboundQueue.SESSION_WAIT);
        for (var each : all) {
            assertEquals(new SendOutcome.NotConnected(), outcome(each));
        }
        assertEquals(0, admission.frames());
        assertFalse(send("{\"op\":4,\"d\":{}}").isDone());
    }

    @Test
    void queueIsBoundedInBytes() throws Exception {
        String frame = "{\"op\":4,\"d\":{\"x\":\"" + "x".repeat(4000) + "\"}}";
        int fit = (int) (OutboundAdmission.MOST_BYTES / frame.length());
        for (int i = 0; i < fit; i++) {
            assertFalse(send(frame).isDone());
        }
        assertEquals(new SendOutcome.QueueFull(), outcome(send(frame)));
    }

    @Test
    void frameThatWouldCloseConnectionIsRefusedWithPath() throws Exception {
        Map<String, String> places =
                Map.of(
                        "{",
                        "frame",
                        "{\"d\":{}}",
                        "op",
                        "{\"op\":2,\"d\":{}}",
                        "op",
                        "{\"op\":11}",
                        "op",
                        "{\"op\":3,\"d\":null}",
                        "d",
                        "{\"op\":8,\"d\":{}}",
                        "d.guild_id",
                        presence("x").replace("idle", "asleep"),
                        "d.status",
                        presence("x").replace("\"type\":0", "\"type\":9"),
                        "d.activities.type",
                        presence("x").replace("false", "0"),
                        "d.afk");
        for (var each : places.entrySet()) {
            var refused =
                    assertInstanceOf(SendOutcome.Malformed.class, outcome(send(each.getKey())));
            assertEquals(each.getValue(), refused.where(), each.getKey());
        }
        assertFalse(send("{\"op\":43,\"d\":{}}").isDone(), "unknown opcodes pass");
        String large = "{\"op\":4,\"d\":{\"x\":\"" + "x".repeat(4100) + "\"}}";
        assertEquals(new SendOutcome.TooLarge(large.length()), outcome(send(large)));
    }

    @Test
    void stoppedShardRefusesAtOnce() throws Exception {
        var waiting = send("{\"op\":4,\"d\":{}}");
        admission.close();
        queue.end();
        assertEquals(new SendOutcome.NotConnected(), outcome(waiting));
        assertEquals(new SendOutcome.NotConnected(), outcome(send("{\"op\":4,\"d\":{}}")));
    }

    @Test
    void refusedRequestIsRepeatedAtMostThreeTimesWithSpacing() throws Exception {
        var pace = new MemberRequestPacer();
        QueuedFrame request = waiting(REQUEST);
        var refusal = new RateLimitedEvent("7", Duration.ofSeconds(2), Optional.of("n"));
        long now = 0;
        for (int repeat = 0; repeat < MemberRequestPacer.MOST_REPEATS; repeat++) {
            pace.sent(request, "7", now);
            assertEquals(now + MemberRequestPacer.SPACING.toNanos(), pace.freeAtNanos("7"));
            assertEquals(Optional.of(request), pace.refused(refusal, now));
            assertEquals(now + Duration.ofSeconds(2).toNanos(), pace.freeAtNanos("7"));
            now = pace.freeAtNanos("7");
        }
        pace.sent(request, "7", now);
        assertEquals(Optional.empty(), pace.refused(refusal, now), "another process keeps asking");
        assertEquals(SlidingWindow.NOW, pace.freeAtNanos("8"), "another guild");
    }

    @Test
    void refusalOfAnotherProcessesRequestOnlyDelaysOwn() throws Exception {
        var pace = new MemberRequestPacer();
        pace.sent(waiting(REQUEST), "7", 0);
        var refusal = new RateLimitedEvent("7", Duration.ofSeconds(40), Optional.of("theirs"));
        assertEquals(Optional.empty(), pace.refused(refusal, 0));
        assertEquals(Duration.ofSeconds(40).toNanos(), pace.freeAtNanos("7"));
    }

    private static QueuedFrame waiting(String frame) throws Exception {
        WorkerFrame parsed = WorkerFrame.parse(frame.getBytes(StandardCharsets.UTF_8));
        return new QueuedFrame(parsed, 0, 1, 0, SlidingWindow.NEVER, new CompletableFuture<>());
    }
}
