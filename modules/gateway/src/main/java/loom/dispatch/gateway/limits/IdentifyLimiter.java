package loom.dispatch.gateway.limits;

import loom.dispatch.gateway.IdentifyBudget;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Limits IDENTIFYs to one per key in five seconds. The key is the shard's id modulo {@code
 * max_concurrency} (protocol sections 1.7 and 3.1).
 *
 * <ul>
 *   <li>The interval starts when IDENTIFY was sent, not when it was granted.
 *   <li>A shard that loses its connection returns its turn.
 *   <li>RESUME needs no turn.
 *   <li>A turn also needs the {@link IdentifyBudget}, which all processes share.
 *   <li>After Discord has refused the bot for good, no shard gets a turn: Discord would only refuse
 *       it again.
 * </ul>
 *
 * <p>Owner of the keys: the limiter's own thread. Other threads put messages into its inbox, at
 * most three per connection of a shard.
 */
public final class IdentifyLimiter implements SupervisedLoop {
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

    /** The queue of one key. */
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

    /** The turn of one connection to IDENTIFY. Owner: the limiter's thread. */
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

        /**
         * Queues for a turn. {@code granted} runs on the limiter's thread when the connection may
         * IDENTIFY.
         */
        public void request() {
            inbox.add(() -> {
                if (turn == Turn.NONE) {
                    turn = Turn.WAITING;
                    key.waiting.add(this);
                }
            });
        }

        /** Reports that IDENTIFY was sent. The interval to the next one starts. */
        public void identifySent() {
            inbox.add(this::end);
        }

        /**
         * Reports that the connection has ended. If the turn was granted, IDENTIFY may have been
         * sent, so the interval starts.
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

    /** Creates the ticket of one connection of this shard. */
    public Ticket ticket(int shard, Runnable granted) {
        return new Ticket(shard, keys[shard % keys.length], granted);
    }

    /**
     * Grants no turn any more, because Discord has refused the bot for good. Any thread may call
     * it.
     */
    public void forbid() {
        inbox.add(() -> forbidden = true);
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            // it also waits for the budget's answers from Redis and Discord
            pulse.waiting();
            Runnable message = inbox.poll(untilNextNanos(), TimeUnit.NANOSECONDS);
            if (message != null) {
                message.run();
            }
            grantDue();
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

    /**
     * Grants the key to the first shard that may have it. A shard that must pause does not delay
     * the others.
     */
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
