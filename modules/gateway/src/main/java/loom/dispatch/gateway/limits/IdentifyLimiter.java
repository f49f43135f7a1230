package loom.dispatch.gateway.limits;

import loom.dispatch.gateway.IdentifyBudget;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Lets {@code max_concurrency} shards IDENTIFY at a time: one for each key in five seconds, where
 * the key is the shard's id modulo {@code max_concurrency} (protocol sections 1.7 and 3.1).
 *
 * <p>The time is measured from when the payload has left, not from when it was allowed. A shard
 * that loses its connection gives its turn back. RESUME does not come here. A turn also needs the
 * {@link IdentifyBudget}, which other processes share. Once Discord has refused the bot for good
 * nobody gets a turn any more: each would only be refused again.
 *
 * <p>Owner of the keys: the limiter's own thread; all else goes through its inbox, which holds at
 * most three messages for each connection of a shard.
 */
public final class IdentifyLimiter implements Runnable {
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final Key[] keys;
    private final long intervalNanos;
    private final IdentifyBudget budget;
    private boolean forbidden;

    public IdentifyLimiter(int maxConcurrency, Duration interval, IdentifyBudget budget) {
        this.budget = budget;
        keys = IntStream.range(0, maxConcurrency).mapToObj(_ -> new Key()).toArray(Key[]::new);
        intervalNanos = interval.toNanos();
    }

    /** The turns of one key. */
    private static final class Key {
        private final Queue<Ticket> waiting = new ArrayDeque<>();
        private boolean held;
        private long notBefore = System.nanoTime();
    }

    private enum Turn {
        NONE,
        WAITING,
        GRANTED,
        OVER
    }

    /** One connection's turn to IDENTIFY. Owner: the limiter's thread. */
    public final class Ticket {
        private final int shard;
        private final Key key;
        private final Runnable granted;
        private Turn turn = Turn.NONE;
        private long notBefore = System.nanoTime();

        private Ticket(int shard, Key key, Runnable granted) {
            this.shard = shard;
            this.key = key;
            this.granted = granted;
        }

        /** Queues up; {@code granted} runs on the limiter's thread when it is this one's turn. */
        public void ask() {
            inbox.add(() -> {
                if (turn == Turn.NONE) {
                    turn = Turn.WAITING;
                    key.waiting.add(this);
                }
            });
        }

        /** IDENTIFY has left: the time until the next begins now. */
        public void left() {
            inbox.add(this::end);
        }

        /**
         * The connection is gone. If its turn was granted, IDENTIFY may have left unseen, so the
         * time counts.
         */
        public void abandon() {
            inbox.add(this::end);
        }

        private void end() {
            if (turn == Turn.WAITING) {
                key.waiting.remove(this);
            }
            if (turn == Turn.GRANTED) {
                key.held = false;
                key.notBefore = System.nanoTime() + intervalNanos;
                budget.left(shard);
            }
            turn = Turn.OVER;
        }
    }

    /** A ticket for one connection of this shard. */
    public Ticket ticket(int shard, Runnable granted) {
        return new Ticket(shard, keys[shard % keys.length], granted);
    }

    /** Gives no turn any more: Discord has refused the bot for good. From any thread. */
    public void forbid() {
        inbox.add(() -> forbidden = true);
    }

    @Override
    public void run() {
        try {
            while (true) {
                Runnable message = inbox.poll(untilNextNanos(), TimeUnit.NANOSECONDS);
                if (message != null) {
                    message.run();
                }
                grantDue();
            }
        } catch (InterruptedException _) {
            // the gateway is closing
        }
    }

    private long untilNextNanos() {
        long now = System.nanoTime();
        long next = TimeUnit.HOURS.toNanos(1);
        for (Key key : keys) {
            if (isOpen(key)) {
                long ticket = Long.MAX_VALUE;
                for (Ticket waiting : key.waiting) {
                    ticket = Math.min(ticket, waiting.notBefore - now);
                }
                next = Math.min(next, Math.max(ticket, key.notBefore - now));
            }
        }
        return next;
    }

    private boolean isOpen(Key key) {
        return !forbidden && !key.held && !key.waiting.isEmpty();
    }

    private void grantDue() {
        for (Key key : keys) {
            if (isOpen(key) && key.notBefore - System.nanoTime() <= 0) {
                grantNext(key);
            }
        }
    }

    /** Grants the key to the first who may have it; who must pause does not hold up the others. */
    private void grantNext(Key key) {
        for (Ticket next : List.copyOf(key.waiting)) {
            if (next.notBefore - System.nanoTime() <= 0) {
                switch (budget.take(next.shard)) {
                    case IdentifyBudget.Verdict.Granted _ -> {
                        grant(next);
                        return;
                    }
                    case IdentifyBudget.Verdict.Wait(var time) -> {
                        key.notBefore = System.nanoTime() + time.toNanos();
                        return;
                    }
                    case IdentifyBudget.Verdict.Pause(var time) ->
                            next.notBefore = System.nanoTime() + time.toNanos();
                }
            }
        }
    }

    private static void grant(Ticket next) {
        next.key.waiting.remove(next);
        next.key.held = true;
        next.turn = Turn.GRANTED;
        next.granted.run();
    }
}
