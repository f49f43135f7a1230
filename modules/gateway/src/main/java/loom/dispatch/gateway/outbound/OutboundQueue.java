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
 * Queues the frames that workers send through one shard: bounded, by priority, each ended with a
 * {@link SendOutcome}.
 *
 * <ul>
 *   <li>Only a ready shard sends these frames, one at a time. So a heartbeat waits for at most one
 *       of them, 4 KiB.
 *   <li>A frame that a limit of its own delays (presence, all members of a guild) lets others pass.
 *   <li>A frame that was being sent when the connection was lost is sent again on the next: at
 *       least once.
 * </ul>
 *
 * <p>Owner: the shard's thread. Times are those of its clock.
 */
public final class OutboundQueue {
    /**
     * The wait for a session. A reconnect with RESUME takes one or two seconds, in bad conditions
     * up to 30 s.
     */
    static final Duration SESSION_WAIT = Duration.ofSeconds(30);

    /**
     * The longest wait of a frame. RabbitMQ requeues an unacknowledged delivery after 30 minutes.
     */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(25);

    /**
     * Below Discord's undocumented limit of 5 in 20 s; the window has one second more for the
     * network.
     */
    public static final int PRESENCES = 4;

    static final Duration PRESENCE_WINDOW = Duration.ofSeconds(21);

    private record InFlight(QueuedFrame frame, FrameSender on) {}

    private final LongSupplier clock;
    private final TreeSet<QueuedFrame> waiting = new TreeSet<>();
    private final SlidingWindow presences = new SlidingWindow(PRESENCES, PRESENCE_WINDOW);
    private final MemberRequestPacer members = new MemberRequestPacer();
    private Optional<Map<String, Object>> lastPresence = Optional.empty();
    private Optional<InFlight> inFlight = Optional.empty();
    private Optional<FrameSender> connection = Optional.empty();
    private long disconnectedNanos;
    private long dueNanos = SlidingWindow.NEVER;

    public OutboundQueue(LongSupplier clock) {
        this.clock = clock;
    }

    /** Adds a frame. A presence replaces an older one that expires no later. */
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

    /** Makes the next {@link #sendDue} check the queue. */
    public void wake() {
        dueNanos = SlidingWindow.NOW;
    }

    /** Returns the time until {@link #sendDue} must run although nothing happens. */
    public long untilDueNanos() {
        return dueNanos == SlidingWindow.NEVER
                ? SlidingWindow.NEVER
                : Math.max(0, dueNanos - clock.getAsLong());
    }

    /**
     * Sends the next frame that may be sent, and ends expired frames. It is cheap if nothing is
     * due.
     *
     * @param ready the connection, if the shard is ready
     */
    public void sendDue(Optional<? extends FrameSender> ready) {
        long nowNanos = clock.getAsLong();
        if (!ready.equals(connection)) {
            connectionChanged(ready, nowNanos);
        }
        if (nowNanos < dueNanos) {
            return;
        }
        dueNanos = SlidingWindow.NEVER;
        endOverdue(nowNanos);
        connection.filter(FrameSender::idle).ifPresent(open -> sendNext(open, nowNanos));
    }

    private void connectionChanged(Optional<? extends FrameSender> ready, long nowNanos) {
        if (connection.isPresent()) {
            disconnectedNanos = nowNanos;
        }
        connection = ready.map(open -> open);
        // whether Discord received the frame is unknown
        inFlight.filter(lost -> connection.filter(open -> open == lost.on()).isEmpty())
                .ifPresent(lost -> {
                    waiting.add(lost.frame());
                    inFlight = Optional.empty();
                });
        wake();
    }

    private void sendNext(FrameSender open, long nowNanos) {
        Iterator<QueuedFrame> iterator = waiting.iterator();
        while (iterator.hasNext()) {
            QueuedFrame next = iterator.next();
            long freeAt = Math.max(open.budget().commandAtNanos(), freeAtNanos(next));
            if (freeAt <= nowNanos) {
                iterator.remove();
                inFlight = Optional.of(new InFlight(next, open));
                open.send(next.frame().text(), () -> sent(next));
                return;
            }
            if (freeAt >= next.expiresNanos()) {
                iterator.remove();
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

    private void sent(QueuedFrame frame) {
        inFlight = Optional.empty();
        long nowNanos = clock.getAsLong();
        switch (frame.frame().kind()) {
            case WorkerFrame.Kind.Plain _ -> {}
            case WorkerFrame.Kind.Presence(var d) -> {
                presences.add(nowNanos);
                lastPresence = Optional.of(d);
            }
            case WorkerFrame.Kind.AllMembers(var guildId, var _) ->
                    members.sent(frame, guildId, nowNanos);
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
        long longest = frame.arrivedNanos() + LONGEST_WAIT.toNanos();
        // a presence can wait for the shard's first IDENTIFY, which includes it
        boolean maySkipSessionWait =
                connection.isPresent() || frame.expires() || frame.presence().isPresent();
        long sessionDeadline =
                Math.max(frame.arrivedNanos(), disconnectedNanos) + SESSION_WAIT.toNanos();
        return Math.min(
                frame.expiresNanos(),
                maySkipSessionWait ? longest : Math.min(longest, sessionDeadline));
    }

    private SendOutcome overdue(QueuedFrame frame, long nowNanos) {
        if (frame.expiresNanos() <= nowNanos) {
            return new SendOutcome.Expired();
        }
        return connection.isPresent()
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

    /** Removes the matching frames and ends each. */
    private void endAll(Predicate<QueuedFrame> which, Consumer<QueuedFrame> end) {
        for (Iterator<QueuedFrame> iterator = waiting.iterator(); iterator.hasNext(); ) {
            QueuedFrame frame = iterator.next();
            if (which.test(frame)) {
                iterator.remove();
                end.accept(frame);
            }
        }
    }

    /**
     * Returns the presence of the next IDENTIFY if it differs from the configured one: the latest
     * that was sent or waits to be sent. Waiting presences end as sent.
     */
    public Optional<Map<String, Object>> takePresence() {
        waiting.stream()
                .flatMap(frame ->
                        frame.presence().stream().map(each -> Map.entry(frame.number(), each)))
                .max((one, other) -> Long.compare(one.getKey(), other.getKey()))
                .ifPresent(latest -> lastPresence = Optional.of(latest.getValue().d()));
        endAll(frame -> frame.presence().isPresent(), frame -> frame.end(new SendOutcome.Sent()));
        return lastPresence;
    }

    /** Queues a refused request for all members again, to be sent when the limit allows it. */
    public void refused(RateLimitedEvent refusal) {
        members.refused(refusal, clock.getAsLong()).ifPresent(waiting::add);
        wake();
    }

    /** Ends all frames, because the shard has stopped for good. */
    public void end() {
        endAll(_ -> true, frame -> frame.end(new SendOutcome.NotConnected()));
        inFlight.ifPresent(lost -> lost.frame().end(new SendOutcome.NotConnected()));
    }
}
