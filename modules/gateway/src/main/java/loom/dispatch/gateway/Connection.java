package loom.dispatch.gateway;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * What belongs to one connection of a shard and must not outlive it: socket, decompressor, parts
 * that wait for room, payloads that wait to be sent, signs of life. Owner: the shard's thread.
 */
final class Connection {
    private final int epoch;
    private final GatewaySocket socket;
    private final FrameDecoder decoder;
    private final IdentifyLimiter.Ticket ticket;

    /** At most {@link GatewaySocket#WINDOW} parts: none is asked for while one waits here. */
    private final Queue<Signal.Part> withheld = new ArrayDeque<>();

    /** Heartbeats, IDENTIFY, RESUME: a handful, for each waits for its own timer or answer. */
    private final Queue<String> unsent = new ArrayDeque<>();

    private boolean sending;
    private boolean identifying;
    private boolean heard = true;
    private boolean progress;
    private long beatNanos;
    private boolean beatPending;

    Connection(
            int epoch, GatewaySocket socket, FrameDecoder decoder, IdentifyLimiter.Ticket ticket) {
        this.epoch = epoch;
        this.socket = socket;
        this.decoder = decoder;
        this.ticket = ticket;
    }

    int epoch() {
        return epoch;
    }

    FrameDecoder decoder() {
        return decoder;
    }

    IdentifyLimiter.Ticket ticket() {
        return ticket;
    }

    Queue<Signal.Part> withheld() {
        return withheld;
    }

    boolean withholding() {
        return !withheld.isEmpty();
    }

    /** One part is decoded: the next may come. */
    void decoded() {
        socket.request(1);
    }

    void hear() {
        heard = true;
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

    void sendHeartbeat(long sequence, long nowNanos) {
        if (!beatPending) {
            beatNanos = nowNanos;
            beatPending = true;
        }
        send(Payloads.heartbeat(sequence));
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
        identifying = true;
        send(payload);
    }

    void send(String payload) {
        unsent.add(payload);
        sendNext();
    }

    /** The payload that was being sent has left. */
    void sent() {
        sending = false;
        if (identifying && unsent.isEmpty()) {
            identifying = false;
            ticket.left();
        }
        sendNext();
    }

    private void sendNext() {
        if (!sending && !unsent.isEmpty()) {
            sending = true;
            socket.send(unsent.remove());
        }
    }

    /** Lets go of a connection that is gone. */
    void release() {
        ticket.abandon();
        decoder.close();
    }

    /** Closes it; done when the close frame has left. */
    CompletableFuture<?> close(Goodbye goodbye) {
        release();
        return socket.close(goodbye);
    }
}
