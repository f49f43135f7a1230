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
 * What belongs to one connection of a shard and must not outlive it: socket, decompressor, parts
 * that wait for room, payloads that wait to be sent, signs of life. Owner: the shard's thread.
 */
public final class ShardConnection implements FrameSender {
    /** To ask wakes the HTTP client's selector; half of the window can still come meanwhile. */
    private static final int PARTS_AT_ONCE = GatewaySocket.WINDOW / 2;

    private final int epoch;
    private final GatewaySocket socket;
    private final MessageDecoder decoder;
    private final IdentifyLimiter.Ticket ticket;

    /** At most {@link GatewaySocket#WINDOW} parts: none is asked for while one waits here. */
    private final Queue<InboxSignal.Part> withheld = new ArrayDeque<>();

    /**
     * At most one heartbeat, one IDENTIFY or RESUME, and one command: a heartbeat is added when
     * none waits here, the others only when the one before it has left.
     */
    private final Queue<Payload> unsent = new ArrayDeque<>();

    private final SendBudget budget = new SendBudget();
    private final IdleConnectionCheck probe = new IdleConnectionCheck();
    private final LongSupplier clock;
    private Optional<Payload> sending = Optional.empty();
    private int unasked;
    private boolean heard = true;
    private boolean progress;
    private long beatNanos;
    private boolean beatPending;

    /** A frame and what to do when it has left. */
    private record Payload(String text, boolean heartbeat, Runnable left) {}

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

    /** One part is decoded: another may come, which is asked for together with some more. */
    void decoded() {
        if (++unasked == PARTS_AT_ONCE) {
            socket.request(unasked);
            unasked = 0;
        }
    }

    void hear() {
        heard = true;
        probe.hear();
    }

    /** Whether anything was heard since this was last asked. */
    boolean takeHeard() {
        boolean was = heard;
        heard = false;
        return was;
    }

    void progress() {
        progress = true;
    }

    /** Whether events arrived since this was last asked. */
    boolean takeProgress() {
        boolean was = progress;
        progress = false;
        return was;
    }

    /**
     * Heartbeats ask no budget. One that waits stands for the next one too; one that the socket
     * already has does not, for Discord may have had it before it asked.
     */
    void sendHeartbeat(long sequence, long nowNanos) {
        if (unsent.stream().anyMatch(Payload::heartbeat)) {
            return;
        }
        if (!beatPending) {
            beatNanos = nowNanos;
            beatPending = true;
        }
        enqueue(new Payload(GatewayPayloads.heartbeat(sequence), true, () -> {}));
    }

    /** How long the answered heartbeat took in nanoseconds; negative if none was pending. */
    long takeLatencyNanos(long nowNanos) {
        if (!beatPending) {
            return -1;
        }
        beatPending = false;
        return nowNanos - beatNanos;
    }

    /** Sends IDENTIFY and tells the limiter when it has left. */
    void sendIdentify(String payload) {
        send(payload, ticket::left);
    }

    /**
     * From now on the connection is asked if it falls idle.
     *
     * @return whether the timer must be started for it
     */
    boolean expectMore() {
        return probe.expect();
    }

    /** The probe's timer fired: whether the connection is still there. */
    IdleConnectionCheck.Finding look() {
        return probe.look(!withholding() && budget.mayAnswer(clock.getAsLong()));
    }

    /** What may be sent, by HELLO's heartbeat interval. */
    @Override
    public SendBudget budget() {
        return budget;
    }

    /** Whether nothing is being sent or waits to be. */
    @Override
    public boolean idle() {
        return sending.isEmpty() && unsent.isEmpty();
    }

    /** Sends a frame after those before it; {@code left} runs when it has left. */
    @Override
    public void send(String payload, Runnable left) {
        enqueue(new Payload(payload, false, left));
    }

    private void enqueue(Payload payload) {
        unsent.add(payload);
        sendNext();
    }

    /** The payload that was being sent has left. */
    void sent() {
        Payload gone = sending.orElseThrow();
        sending = Optional.empty();
        budget.left(clock.getAsLong());
        gone.left().run();
        sendNext();
    }

    private void sendNext() {
        if (sending.isEmpty() && !unsent.isEmpty()) {
            Payload next = unsent.remove();
            sending = Optional.of(next);
            budget.handedOver(clock.getAsLong());
            socket.send(next.text());
        }
    }

    /** Lets go of a connection that is gone. */
    void release() {
        ticket.abandon();
        decoder.close();
    }

    /** Closes it; done when the close frame has left. */
    CompletableFuture<?> close(CloseReason goodbye) {
        release();
        return socket.close(goodbye);
    }
}
