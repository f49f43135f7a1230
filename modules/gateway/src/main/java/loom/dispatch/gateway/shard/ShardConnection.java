package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.compression.MessageDecoder;
import loom.dispatch.gateway.limits.IdentifyLimiter;
import loom.dispatch.gateway.limits.SendBudget;
import loom.dispatch.gateway.machine.IdleConnectionCheck;
import loom.dispatch.gateway.outbound.FrameSender;
import loom.dispatch.gateway.protocol.GatewayPayloads;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * The state of one connection of a shard: socket, decoder, parts that wait for memory, frames that
 * wait to be sent, and heartbeat times. Owner: the shard's thread.
 */
public final class ShardConnection implements FrameSender {
    /**
     * The number of parts that are requested together, because each request wakes the HTTP client's
     * selector. The other half of the window can still arrive meanwhile.
     */
    private static final int PARTS_AT_ONCE = GatewaySocket.WINDOW / 2;

    private final int epoch;
    private final GatewaySocket socket;
    private final MessageDecoder decoder;
    private final IdentifyLimiter.Ticket ticket;

    /**
     * At most {@link GatewaySocket#WINDOW} parts: no further part is requested while one waits
     * here.
     */
    private final Queue<InboxSignal.Part> withheld = new ArrayDeque<>();

    /**
     * At most one heartbeat, one IDENTIFY or RESUME, and one command. A heartbeat is added only if
     * none waits here, any other frame only after the previous one was sent.
     */
    private final Queue<Payload> unsent = new ArrayDeque<>();

    private final SendBudget budget = new SendBudget();
    private final IdleConnectionCheck idleCheck = new IdleConnectionCheck();
    private final LongSupplier clock;
    private Optional<Payload> sending = Optional.empty();
    private int unrequested;
    private boolean received = true;
    private boolean progress;
    private long heartbeatNanos;
    private boolean heartbeatPending;

    /** A frame, and the action after it was sent. */
    private record Payload(String text, boolean heartbeat, Runnable onSent) {}

    ShardConnection(
            int epoch,
            GatewaySocket socket,
            MessageDecoder decoder,
            IdentifyLimiter.Ticket ticket,
            LongSupplier clock) {
        this.clock = clock;
        this.epoch = epoch;
        this.socket = socket;
        this.decoder = decoder;
        this.ticket = ticket;
    }

    int epoch() {
        return epoch;
    }

    MessageDecoder decoder() {
        return decoder;
    }

    IdentifyLimiter.Ticket ticket() {
        return ticket;
    }

    Queue<InboxSignal.Part> withheld() {
        return withheld;
    }

    boolean withholding() {
        return !withheld.isEmpty();
    }

    /** Reports a decoded part. After several of them the same number of parts is requested. */
    void decoded() {
        if (++unrequested == PARTS_AT_ONCE) {
            socket.request(unrequested);
            unrequested = 0;
        }
    }

    void received() {
        received = true;
        idleCheck.received();
    }

    /** Returns whether anything arrived since the previous call. */
    boolean takeReceived() {
        boolean was = received;
        received = false;
        return was;
    }

    void eventArrived() {
        progress = true;
    }

    /** Returns whether events arrived since the previous call. */
    boolean takeEventProgress() {
        boolean was = progress;
        progress = false;
        return was;
    }

    /**
     * Sends a heartbeat, whatever the budget is. If one already waits here, no second one is added.
     * One that the socket already has does not count: Discord may have received it before it
     * requested this one.
     */
    void sendHeartbeat(long sequence, long nowNanos) {
        if (unsent.stream().anyMatch(Payload::heartbeat)) {
            return;
        }
        if (!heartbeatPending) {
            heartbeatNanos = nowNanos;
            heartbeatPending = true;
        }
        enqueue(new Payload(GatewayPayloads.heartbeat(sequence), true, () -> {}));
    }

    /**
     * Returns the latency of the acknowledged heartbeat in nanoseconds; negative if none was
     * pending.
     */
    long takeLatencyNanos(long nowNanos) {
        if (!heartbeatPending) {
            return -1;
        }
        heartbeatPending = false;
        return nowNanos - heartbeatNanos;
    }

    /** Sends IDENTIFY, and reports to the limiter when it was sent. */
    void sendIdentify(String payload) {
        send(payload, ticket::identifySent);
    }

    /**
     * Starts to check for idleness.
     *
     * @return whether the timer must be started
     */
    boolean startIdleCheck() {
        return idleCheck.expectEvent();
    }

    /** Checks the connection after the idle timer fired. */
    IdleConnectionCheck.Finding checkIdle() {
        return idleCheck.check(!withholding() && budget.mayAnswerRequest(clock.getAsLong()));
    }

    /** Returns the budget for the frames of workers. */
    @Override
    public SendBudget budget() {
        return budget;
    }

    /** Returns whether no frame is being sent and none waits to be sent. */
    @Override
    public boolean idle() {
        return sending.isEmpty() && unsent.isEmpty();
    }

    /** Sends a frame after the frames before it. {@code onSent} runs when it was sent. */
    @Override
    public void send(String payload, Runnable onSent) {
        enqueue(new Payload(payload, false, onSent));
    }

    private void enqueue(Payload payload) {
        unsent.add(payload);
        sendNext();
    }

    /** Reports that the frame that was being sent has been sent. */
    void sent() {
        Payload done = sending.orElseThrow();
        sending = Optional.empty();
        budget.sent(clock.getAsLong());
        done.onSent().run();
        sendNext();
    }

    private void sendNext() {
        if (sending.isEmpty() && !unsent.isEmpty()) {
            Payload next = unsent.remove();
            sending = Optional.of(next);
            budget.passedToSocket(clock.getAsLong());
            socket.send(next.text());
        }
    }

    /** Releases the resources of a connection that has ended. */
    void release() {
        ticket.abandon();
        decoder.close();
    }

    /** Closes the connection. The result completes when the close frame was sent. */
    CompletableFuture<?> close(CloseReason reason) {
        release();
        return socket.close(reason);
    }
}
