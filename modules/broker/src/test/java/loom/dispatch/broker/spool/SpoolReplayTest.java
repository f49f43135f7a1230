package loom.dispatch.broker.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.broker.EventMessage;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.connection.BrokerEventNotifier;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Tests what ends the waits of a replay; none of them has a period. */
class SpoolReplayTest {
    private static final long DEADLINE_SECONDS = 20;

    private final List<Long> published = new CopyOnWriteArrayList<>();
    private final BrokerEventNotifier notifier = new BrokerEventNotifier(_ -> {});

    private static EventMessage message(long sequence) {
        EventOrigin origin = new EventOrigin(0, sequence, "s", "", false);
        return new EventMessage(sequence, "E", new byte[10], "s:" + sequence, 0, origin);
    }

    private static Spool spool(FailingFileSystem disk) throws Exception {
        return Spool.open(disk, new SpoolQuota(1 << 20), new LongAdder());
    }

    private SpoolReplay replay(Spool spool) {
        return new SpoolReplay(
                messages -> messages.forEach(message -> published.add(message.position())),
                spool,
                new SpoolAlarm(0, notifier),
                notifier);
    }

    /** Starts a thread that replays until the spool is drained. */
    private static FutureTask<Boolean> start(SpoolReplay replay, long publishedBefore) {
        var task =
                new FutureTask<>(() -> {
                    while (!replay.isDrained()) {
                        replay.publishNext(publishedBefore);
                    }
                    return true;
                });
        Thread.ofVirtual().name("replay").start(task);
        return task;
    }

    @Test
    void confirmEndsWaitAtEveryMoment() throws Exception {
        for (int round = 0; round < 500; round++) {
            Spool spool = spool(new FailingFileSystem(new Random(round)));
            spool.append(List.of(message(1)));
            SpoolReplay replay = replay(spool);
            FutureTask<Boolean> drained = start(replay, 0);
            if (round % 2 == 0) {
                awaitPublished(round + 1);
            }
            replay.confirmed(1);
            assertTrue(drained.get(DEADLINE_SECONDS, TimeUnit.SECONDS), "round " + round);
        }
    }

    @Test
    void publishesEventsAppendedDuringWait() throws Exception {
        Spool spool = spool(new FailingFileSystem(new Random(1)));
        spool.append(List.of(message(1)));
        SpoolReplay replay = replay(spool);
        FutureTask<Boolean> drained = start(replay, 0);
        for (long sequence = 2; sequence <= 50; sequence++) {
            awaitPublished((int) sequence - 1);
            spool.append(List.of(message(sequence)));
            replay.wake();
        }
        awaitPublished(50);
        replay.confirmed(50);
        assertTrue(drained.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void doesNotPublishEventsPublishedBeforeSpooling() throws Exception {
        Spool spool = spool(new FailingFileSystem(new Random(1)));
        spool.append(List.of(message(1), message(2), message(3)));
        SpoolReplay replay = replay(spool);
        FutureTask<Boolean> drained = start(replay, 2);
        awaitPublished(1);
        assertEquals(List.of(3L), published);
        replay.confirmed(3);
        assertTrue(drained.get(DEADLINE_SECONDS, TimeUnit.SECONDS));
    }

    @Test
    void interruptEndsWait() throws Exception {
        Spool spool = spool(new FailingFileSystem(new Random(1)));
        spool.append(List.of(message(1)));
        SpoolReplay replay = replay(spool);
        var interrupted =
                Thread.ofVirtual()
                        .start(() -> {
                            replay.isDrained();
                            assertThrows(
                                    InterruptedException.class,
                                    () -> {
                                        while (true) {
                                            replay.publishNext(0);
                                        }
                                    });
                            published.add(0L);
                        });
        awaitPublished(1);
        interrupted.interrupt();
        assertTrue(interrupted.join(Duration.ofSeconds(DEADLINE_SECONDS)));
        assertEquals(List.of(1L, 0L), published);
    }

    private void awaitPublished(int count) {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (published.size() < count) {
            assertTrue(System.nanoTime() - deadlineNanos < 0, "published " + published);
            Thread.onSpinWait();
        }
    }
}
