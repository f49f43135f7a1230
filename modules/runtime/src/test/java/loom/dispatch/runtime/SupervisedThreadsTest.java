package loom.dispatch.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** No supervised thread ends or hangs without a report. */
final class SupervisedThreadsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final BlockingQueue<ThreadFailure> failures = new LinkedBlockingQueue<>();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final SupervisedThreads threads =
            new SupervisedThreads(failures::add, now::get, PulseListener.NONE);

    private ThreadFailure failure() throws InterruptedException {
        return Optional.ofNullable(failures.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("no failure was reported"));
    }

    private static void join(SupervisedThread thread) throws InterruptedException {
        assertTrue(thread.join(DEADLINE), thread + " has not ended");
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertTrue(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    /** A loop that waits until it is interrupted, and says when it has reached the wait. */
    private SupervisedThread startWaiting(String name) throws InterruptedException {
        var reached = new CountDownLatch(1);
        SupervisedThread thread =
                threads.start(
                        name,
                        _ -> {
                            reached.countDown();
                            new CountDownLatch(1).await();
                        });
        await(reached);
        return thread;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void startsANamedThreadOfTheKindThatWasAskedFor(boolean virtual) throws Exception {
        var seen = new CompletableFuture<Thread>();
        SupervisedLoop loop = _ -> seen.complete(Thread.currentThread());
        SupervisedThread thread =
                virtual ? threads.start("loop-7", loop) : threads.startPlatform("loop-7", loop);
        Thread ran = seen.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertEquals(virtual, ran.isVirtual());
        assertTrue(ran.isDaemon());
        assertEquals("loop-7", ran.getName());
        assertEquals("loop-7", thread.name());
        thread.join();
        assertFalse(thread.isAlive());
        assertTrue(failures.isEmpty());
    }

    @Test
    void listsAThreadFromItsStartToItsEnd() throws Exception {
        SupervisedThread second = startWaiting("b");
        SupervisedThread first = startWaiting("a");
        assertEquals(List.of(first, second), threads.live());
        assertTrue(first.isAlive());
        assertFalse(first.join(Duration.ZERO));
        first.stop();
        join(first);
        assertEquals(List.of(second), threads.live());
        second.stop();
        join(second);
        assertEquals(List.of(), threads.live());
        assertTrue(failures.isEmpty(), failures::toString);
    }

    @Test
    void reportsEveryThrowable() throws Exception {
        for (Throwable thrown :
                List.of(
                        new IllegalStateException("a"),
                        new StackOverflowError(),
                        new OutOfMemoryError("b"),
                        new Exception("c"),
                        new InterruptedException("nobody asked for it"))) {
            SupervisedThread thread = threads.start("loop", _ -> rethrow(thrown));
            ThreadFailure failure = failure();
            assertSame(thrown, failure.cause());
            assertEquals("loop", failure.threadName());
            join(thread);
            assertEquals(List.of(), threads.live());
        }
    }

    private static void rethrow(Throwable thrown) throws Exception {
        switch (thrown) {
            case Exception exception -> throw exception;
            case Error error -> throw error;
            default -> throw new AssertionError(thrown);
        }
    }

    @Test
    void reportsAFailureOfAThreadThatWasAskedToStop() throws Exception {
        var broken = new IllegalStateException("broken while stopping");
        var reached = new CountDownLatch(1);
        SupervisedThread thread =
                threads.start(
                        "loop",
                        _ -> {
                            reached.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException _) {
                                throw broken;
                            }
                        });
        await(reached);
        thread.stop();
        assertSame(broken, failure().cause());
        join(thread);
    }

    @Test
    void aFailedThreadLeavesTheListBeforeTheReportSoThatAHandlerCanJoinAllOthers()
            throws Exception {
        var listed = new CompletableFuture<List<SupervisedThread>>();
        var owner = new CompletableFuture<SupervisedThreads>();
        var supervised = new SupervisedThreads(_ -> listed.complete(owner.join().live()));
        owner.complete(supervised);
        supervised.start(
                "loop",
                _ -> {
                    throw new IllegalStateException();
                });
        assertEquals(List.of(), listed.get(DEADLINE.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void reportsAThreadThatCannotBeStartedAndTellsTheStarter() throws Exception {
        var outOfThreads = new OutOfMemoryError("unable to create native thread");
        Error thrown =
                assertThrows(
                        OutOfMemoryError.class,
                        () ->
                                threads.start(
                                        "loop",
                                        _ -> {},
                                        body ->
                                                new Thread(body) {
                                                    @Override
                                                    public void start() {
                                                        throw outOfThreads;
                                                    }
                                                }));
        assertSame(outOfThreads, thrown);
        assertEquals(new ThreadFailure("loop", outOfThreads), failure());
        assertEquals(List.of(), threads.live());
    }

    @Test
    void aFailureOfTheHandlerGoesToTheUncaughtExceptionHandlerWithItsOccasion() throws Exception {
        var uncaught = new CompletableFuture<Throwable>();
        var handlerFailed = new IllegalStateException("handler");
        var cause = new IllegalStateException("loop");
        var supervised =
                new SupervisedThreads(_ -> {
                    throw handlerFailed;
                });
        supervised.start(
                "loop",
                _ -> {
                    throw cause;
                },
                Thread.ofVirtual()
                        .uncaughtExceptionHandler((_, thrown) -> uncaught.complete(thrown))
                        .factory());
        assertSame(handlerFailed, uncaught.get(DEADLINE.toSeconds(), TimeUnit.SECONDS));
        assertEquals(List.of(cause), List.of(handlerFailed.getSuppressed()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "second", "third"})
    void aPulseListenerKillsAThreadOfItsChoice(String victim) throws Exception {
        var fault = new AssertionError("injected");
        var supervised =
                new SupervisedThreads(
                        failures::add,
                        now::get,
                        name -> {
                            if (name.equals(victim)) {
                                throw fault;
                            }
                        });
        List<SupervisedThread> started =
                List.of(
                        supervised.start("first", ThreadPulse::beat),
                        supervised.start("second", ThreadPulse::waiting),
                        supervised.start("third", pulse -> pulse.expectWithin(Duration.ZERO)));
        for (SupervisedThread thread : started) {
            join(thread);
        }
        assertEquals(new ThreadFailure(victim, fault), failure());
        assertTrue(failures.isEmpty(), failures::toString);
    }

    @Test
    void aListenerHearsTheBeatThatEveryThreadBeginsWith() throws Exception {
        BlockingQueue<String> beats = new LinkedBlockingQueue<>();
        var supervised = new SupervisedThreads(failures::add, now::get, beats::add);
        join(
                supervised.start(
                        "loop",
                        pulse -> {
                            pulse.waiting();
                            pulse.expectBy(0);
                        }));
        assertEquals(List.of("loop", "loop", "loop"), List.copyOf(beats));
    }

    /** Moves one pulse through its reports, at a clock that overflows meanwhile. */
    @Test
    void aLoopIsOverdueWhenItsBeatIsLaterThanItSaid() {
        var pulse = new ThreadPulse("loop", now::get, PulseListener.NONE);
        now.addAndGet(10);
        assertEquals(10, pulse.overdueNanos(), "before its first beat");
        pulse.beat();
        assertEquals(0, pulse.overdueNanos());
        pulse.expectWithin(Duration.ofNanos(100));
        assertEquals(-100, pulse.overdueNanos());
        now.addAndGet(103);
        assertEquals(3, pulse.overdueNanos());
        pulse.waiting();
        now.addAndGet(1_000_000);
        assertEquals(0, pulse.overdueNanos(), "waits without a bound");
        pulse.beat();
        now.addAndGet(1);
        assertEquals(1, pulse.overdueNanos(), "works again");
        pulse.expectBy(now.get() + 5);
        assertEquals(-5, pulse.overdueNanos());
    }

    @Test
    void overdueNamesTheLateLoopsOnlyAndNoneThatHasEnded() throws Exception {
        var ready = new CountDownLatch(3);
        SupervisedThread late = threads.start("late", pulse -> hang(pulse, ready, 0));
        SupervisedThread later = threads.start("even later", pulse -> hang(pulse, ready, 0));
        SupervisedThread patient = threads.start("patient", pulse -> hang(pulse, ready, 100));
        await(ready);
        now.addAndGet(50);
        assertEquals(List.of("even later", "late"), threads.overdue(Duration.ofNanos(49)));
        assertEquals(List.of(), threads.overdue(Duration.ofNanos(50)));
        later.stop();
        join(later);
        assertEquals(List.of("late"), threads.overdue(Duration.ZERO));
        for (SupervisedThread thread : List.of(late, patient)) {
            thread.stop();
            join(thread);
        }
        assertEquals(List.of(), threads.overdue(Duration.ZERO));
    }

    private static void hang(ThreadPulse pulse, CountDownLatch ready, long nanos)
            throws InterruptedException {
        pulse.expectWithin(Duration.ofNanos(nanos));
        ready.countDown();
        new CountDownLatch(1).await();
    }

    @Test
    void aThousandThreadsLeaveNothingBehind() throws Exception {
        var all = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            threads.start("loop-" + i, _ -> all.countDown());
        }
        await(all);
        for (SupervisedThread thread : threads.live()) {
            join(thread);
        }
        assertEquals(List.of(), threads.live());
    }
}
