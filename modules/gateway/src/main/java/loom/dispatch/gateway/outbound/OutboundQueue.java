package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.limits.SlidingWindow;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The frames from outside that wait for one shard's connection: bounded, by priority, each ended
 * with a {@link SendOutcome}.
 *
 * <p>Only a ready shard sends them, and one at a time, so that a heartbeat has at most one of them,
 * 4 KiB, before it. A frame under a limit of its own (presence, all members of a guild) lets others
 * pass. One that was on its way when its connection was lost is sent again on the next: at least
 * once. Owner: the shard's thread; times are those of its clock.
 */
public final class OutboundQueue {
    /** A reconnect with RESUME takes a second or two, a bad minute at Discord half of one. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The longest wait of all; RabbitMQ takes an unacknowledged delivery back after 30 minutes. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(25);

    /** Below the 5 in 20 s that nobody documents, and with a second more for the network. */
    public static final int PRESENCES = 4;

    static final Duration PRESENCE_WINDOW = Duration.ofSeconds(21);

    private record InFlight(QueuedFrame frame, FrameSender on) {}

    private final LongSupplier clock;
    private final TreeSet<QueuedFrame> waiting = new TreeSet<>();
    private final SlidingWindow presences = new SlidingWindow(PRESENCES, PRESENCE_WINDOW);
    private final MemberRequestPacer members = new MemberRequestPacer();
    private Optional<Map<String, Object>> shown = Optional.empty();
    private Optional<InFlight> inFlight = Optional.empty();
    private Optional<FrameSender> live = Optional.empty();
    private long notLiveSinceNanos;
    private long dueNanos = SlidingWindow.NEVER;

    public OutboundQueue(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Takes a frame; a presence takes the place of an older one that may wait no longer than it.
     */
    public void add(QueuedFrame frame) {
        if (frame.presence().isPresent()) {
            endAll(
                    older ->
                            older.presence().isPresent()
                                    && older.number() < frame.number()
                                    && older.expiresNanos() <= frame.expiresNanos(),
                    older -> frame.outcome().thenAccept(older.outcome()::complete));
        }
        waiting.add(frame);
        wake();
    }

    /** Something has changed: {@link #pump} is to look. */
    public void wake() {
        dueNanos = SlidingWindow.NOW;
    }

    /** How long until {@link #pump} has something to do though nothing happens. */
    public long untilDueNanos() {
        return dueNanos == SlidingWindow.NEVER
                ? SlidingWindow.NEVER
                : Math.max(0, dueNanos - clock.getAsLong());
    }

    /**
     * Sends what may be sent and ends what has waited too long; cheap when nothing is due.
     *
     * @param ready the connection, if the shard is ready
     */
    public void pump(Optional<? extends FrameSender> ready) {
        long nowNanos = clock.getAsLong();
        if (!ready.equals(live)) {
            changed(ready, nowNanos);
        }
        if (nowNanos < dueNanos) {
            return;
        }
        dueNanos = SlidingWindow.NEVER;
        endOverdue(nowNanos);
        live.filter(FrameSender::idle).ifPresent(open -> sendNext(open, nowNanos));
    }

    private void changed(Optional<? extends FrameSender> ready, long nowNanos) {
        if (live.isPresent()) {
            notLiveSinceNanos = nowNanos;
        }
        live = ready.map(open -> open);
        // whether it left with its connection is unknown
        inFlight.filter(lost -> live.filter(open -> open == lost.on()).isEmpty())
                .ifPresent(lost -> {
                    waiting.add(lost.frame());
                    inFlight = Optional.empty();
                });
        wake();
    }

    private void sendNext(FrameSender open, long nowNanos) {
        Iterator<QueuedFrame> each = waiting.iterator();
        while (each.hasNext()) {
            QueuedFrame next = each.next();
            long freeAt = Math.max(open.budget().commandAtNanos(), freeAtNanos(next));
            if (freeAt <= nowNanos) {
                each.remove();
                inFlight = Optional.of(new InFlight(next, open));
                open.send(next.frame().text(), () -> left(next));
                return;
            }
            if (freeAt >= next.expiresNanos()) {
                each.remove();
                next.end(limited(freeAt, nowNanos));
            } else {
                dueAt(freeAt);
            }
        }
    }

    private long freeAtNanos(QueuedFrame frame) {
        return switch (frame.frame().kind()) {
            case WorkerFrame.Kind.Plain _ -> SlidingWindow.NOW;
            case WorkerFrame.Kind.Presence _ -> presences.freeAtNanos(PRESENCES);
            case WorkerFrame.Kind.AllMembers(var guildId, var _) -> members.freeAtNanos(guildId);
        };
    }

    private void left(QueuedFrame frame) {
        inFlight = Optional.empty();
        long nowNanos = clock.getAsLong();
        switch (frame.frame().kind()) {
            case WorkerFrame.Kind.Plain _ -> {}
            case WorkerFrame.Kind.Presence(var d) -> {
                presences.add(nowNanos);
                shown = Optional.of(d);
            }
            case WorkerFrame.Kind.AllMembers(var guildId, var _) ->
                    members.left(frame, guildId, nowNanos);
        }
        frame.end(new SendOutcome.Sent());
        wake();
    }

    private void endOverdue(long nowNanos) {
        endAll(
                frame -> deadlineNanos(frame) <= nowNanos,
                frame -> frame.end(overdue(frame, nowNanos)));
        waiting.forEach(frame -> dueAt(deadlineNanos(frame)));
    }

    private long deadlineNanos(QueuedFrame frame) {
        long longest = frame.cameNanos() + LONGEST_WAIT.toNanos();
        // a presence can wait for the shard's first IDENTIFY, which takes it along
        boolean patient = live.isPresent() || frame.expires() || frame.presence().isPresent();
        long impatient = Math.max(frame.cameNanos(), notLiveSinceNanos) + PATIENCE.toNanos();
        return Math.min(frame.expiresNanos(), patient ? longest : Math.min(longest, impatient));
    }

    private SendOutcome overdue(QueuedFrame frame, long nowNanos) {
        if (frame.expiresNanos() <= nowNanos) {
            return new SendOutcome.Expired();
        }
        return live.isPresent()
                ? limited(freeAtNanos(frame), nowNanos)
                : new SendOutcome.NotConnected();
    }

    private static SendOutcome limited(long freeAt, long nowNanos) {
        long wait = Math.clamp(freeAt - nowNanos, 0, LONGEST_WAIT.toNanos());
        return new SendOutcome.RateLimited(Duration.ofNanos(wait));
    }

    private void dueAt(long nanos) {
        dueNanos = Math.min(dueNanos, nanos);
    }

    /** Takes out what matches and ends it. */
    private void endAll(Predicate<QueuedFrame> which, Consumer<QueuedFrame> end) {
        for (Iterator<QueuedFrame> each = waiting.iterator(); each.hasNext(); ) {
            QueuedFrame frame = each.next();
            if (which.test(frame)) {
                each.remove();
                end.accept(frame);
            }
        }
    }

    /**
     * What the next IDENTIFY shows if it is not what was configured: the latest presence that was
     * sent or waits to be. Those that wait are done with it.
     */
    public Optional<Map<String, Object>> takePresence() {
        waiting.stream()
                .flatMap(frame ->
                        frame.presence().stream().map(each -> Map.entry(frame.number(), each)))
                .max((one, other) -> Long.compare(one.getKey(), other.getKey()))
                .ifPresent(latest -> shown = Optional.of(latest.getValue().d()));
        endAll(frame -> frame.presence().isPresent(), frame -> frame.end(new SendOutcome.Sent()));
        return shown;
    }

    /** Discord refused a request for all members that has left: it is sent again when it may be. */
    public void refused(RateLimitedEvent refusal) {
        members.refused(refusal, clock.getAsLong()).ifPresent(waiting::add);
        wake();
    }

    /** The shard is over for good. */
    public void end() {
        endAll(_ -> true, frame -> frame.end(new SendOutcome.NotConnected()));
        inFlight.ifPresent(lost -> lost.frame().end(new SendOutcome.NotConnected()));
    }
}
