package loom.dispatch.gateway.backlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Checks that taken and settled positions never exceed the received ones. */
final class BacklogTest {
    private static final Session SESSION = Session.withoutUrl("s");

    private final AtomicInteger woken = new AtomicInteger();
    private final BacklogBudget budget = new BacklogBudget(4_000, 10_000);
    private final Backlog backlog =
            new Backlog(budget, Optional.empty(), Optional.empty(), woken::incrementAndGet);

    private static DispatchEvent event(long position, Session session, int size) {
        return new DispatchEvent(position, 0, session, position, "X", "", new byte[size], 0, false);
    }

    @Test
    void checkpointIsLastEventOfSettledPrefix() throws Exception {
        for (int i = 1; i <= 3; i++) {
            backlog.add(event(i, SESSION, 10));
        }
        assertEquals(Optional.empty(), backlog.settled());
        backlog.take(10, 1 << 20);
        assertEquals(Optional.empty(), backlog.settled(), "taken is not settled");
        assertTrue(backlog.settle(2), "the first settled event begins a session");
        assertEquals(Optional.of(new Checkpoint(SESSION, 2)), backlog.settled());
        assertFalse(backlog.settle(2), "nothing new");
        assertFalse(backlog.settle(3));
        assertTrue(backlog.awaitSettled(Duration.ofMillis(1)));
        assertEquals(0, budget.used());
    }

    @Test
    void firstSessionHasCheckpointBeforeAnyEventIsSettled() {
        backlog.beginFirstSession(SESSION);
        assertEquals(Optional.of(new Checkpoint(SESSION, 0)), backlog.settled());
        backlog.add(event(1, SESSION, 10));
        backlog.beginFirstSession(Session.withoutUrl("t"));
        assertEquals(SESSION, backlog.settled().orElseThrow().session(), "a later one waits");
    }

    @Test
    void settleReportsNewSession() {
        backlog.add(event(1, SESSION, 10));
        backlog.add(event(2, Session.withoutUrl("t"), 10));
        assertTrue(backlog.settle(1));
        assertTrue(backlog.settle(2));
        assertEquals("t", backlog.settled().orElseThrow().session().id());
    }

    @Test
    void fullShardIsWokenWhenHalfIsSettled() {
        List<Long> positions = new ArrayList<>();
        for (long i = 1; backlog.hasRoom(); i++) {
            backlog.add(event(i, SESSION, 744));
            positions.add(i);
        }
        assertEquals(4, positions.size(), "4 events of 1000 bytes fill 4000");
        backlog.settle(1);
        assertEquals(0, woken.get());
        backlog.settle(3);
        assertEquals(1, woken.get());
        assertTrue(backlog.hasRoom());
    }

    @Test
    void fullProcessStopsAllShardsExceptEmptyOnes() {
        for (int i = 1; i <= 3; i++) {
            backlog.add(event(i, SESSION, 744));
        }
        var other = new Backlog(budget, Optional.empty(), Optional.empty(), () -> {});
        other.add(event(1, SESSION, 8_000));
        assertFalse(backlog.hasRoom(), "the process is full");
        var empty = new Backlog(budget, Optional.empty(), Optional.empty(), () -> {});
        assertTrue(empty.hasRoom(), "a shard that holds nothing may always take one");
        other.settle(1);
        assertEquals(1, woken.get());
        assertTrue(backlog.hasRoom());
    }

    @Test
    void spooledEventsLeaveMemoryAndAreNotSettled() {
        var budget = new BacklogBudget(1_000, 4_000);
        Checkpoint saved = new Checkpoint(SESSION, 7);
        Checkpoint onDisk = new Checkpoint(SESSION, 9);
        var backlog = new Backlog(budget, Optional.of(saved), Optional.of(onDisk), () -> {});
        for (int i = 1; i <= 4; i++) {
            backlog.add(event(i, SESSION, 244));
        }
        assertTrue(backlog.isHalfFull());
        backlog.spooled(3);
        assertEquals(1, backlog.events());
        assertEquals(500, budget.used());
        backlog.settle(-1);
        backlog.settle(2);
        assertEquals(Optional.of(saved), backlog.settled(), "some of it is still on disk");
        backlog.settle(3);
        assertEquals(Optional.of(new Checkpoint(SESSION, 3)), backlog.settled());
        backlog.settle(4);
        backlog.spooled(4);
        assertEquals(Optional.of(new Checkpoint(SESSION, 4)), backlog.settled());
        assertEquals(0, budget.used());
    }

    @Test
    void positionZeroSettlesEventsSpooledByEarlierProcess() {
        var budget = new BacklogBudget(1_000, 4_000);
        Checkpoint onDisk = new Checkpoint(SESSION, 9);
        var backlog = new Backlog(budget, Optional.empty(), Optional.of(onDisk), () -> {});
        assertFalse(backlog.settle(-3));
        assertEquals(Optional.empty(), backlog.settled());
        assertTrue(backlog.settle(0));
        assertEquals(Optional.of(onDisk), backlog.settled());
    }

    @Test
    void batchIsBoundedInEventsAndBytes() throws Exception {
        for (int i = 1; i <= 10; i++) {
            backlog.add(event(i, SESSION, 744));
        }
        assertEquals(4, backlog.take(4, 1 << 20).size());
        assertEquals(3, backlog.take(10, 2_500).size(), "stops behind the byte that is too many");
        assertEquals(8, backlog.take(10, 1 << 20).getFirst().position());
    }

    @Test
    void takeReturnsEmptyBatchWhenWoken() throws Exception {
        CompletableFuture<List<DispatchEvent>> taken = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                taken.complete(backlog.take(10, 1 << 20));
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        backlog.wakeDispatchThread();
        assertEquals(List.of(), taken.get(20, TimeUnit.SECONDS));
    }
}
