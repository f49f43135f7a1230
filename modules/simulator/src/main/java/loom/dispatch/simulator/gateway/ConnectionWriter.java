package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.wire.FaultState;
import loom.dispatch.simulator.wire.GatewayCloseCode;
import loom.dispatch.simulator.wire.MessageEncoder;
import loom.dispatch.simulator.wire.WebSocketFrameWriter;
import loom.dispatch.simulator.world.Json;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writes the messages of one gateway connection. Its writer thread sends control messages in order,
 * then the unsent events of the session's log. Other threads only queue messages and wake the
 * writer. IDENTIFY or RESUME sets the session and the cursor, under the monitor.
 */
public final class ConnectionWriter {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.simulator");

    /** How long a client has to answer a close frame before the simulator closes the socket. */
    private static final long CLOSE_GRACE_MILLIS = 2_000;

    /** RFC 6455 section 7.4.1: the code for an end without a close frame. */
    private static final int NO_CLOSE_FRAME = 1006;

    private static final int BATCH = 64;

    private static final byte[] TYPE = ascii("{\"t\":\"");
    private static final byte[] D = ascii(",\"op\":0,\"d\":");
    private static final byte[] END = ascii("}");

    /** A task of the writer thread other than sending events. */
    private sealed interface Control {
        record Message(byte[] envelope) implements Control {}

        record Pong(byte[] bytes) implements Control {}

        record Frame(int opcode, byte[] bytes) implements Control {}

        record Close(int code, String reason) implements Control {}
    }

    private final Socket socket;
    private final WebSocketFrameWriter out;
    private final ClientActionRecorder.Connection record;
    private final Semaphore work = new Semaphore(0);
    private final Queue<Control> controls = new ConcurrentLinkedQueue<>();
    private MessageEncoder encoder;
    private Optional<GatewaySession> session = Optional.empty();
    private int cursor;
    private final AtomicInteger eventsToSkip = new AtomicInteger();
    private volatile boolean frozen;
    private volatile boolean closing;
    private volatile boolean closed;

    ConnectionWriter(
            Socket socket,
            MessageEncoder encoder,
            ClientActionRecorder.Connection record,
            FaultState faults)
            throws IOException {
        this.socket = socket;
        this.encoder = encoder;
        this.record = record;
        this.out = new WebSocketFrameWriter(socket.getOutputStream(), faults);
    }

    public ClientActionRecorder.Connection record() {
        return record;
    }

    synchronized Optional<GatewaySession> session() {
        return session;
    }

    /** Starts sending the session's events after {@code sequence}. */
    void attachSession(GatewaySession next, int sequence) {
        synchronized (this) {
            session = Optional.of(next);
            cursor = sequence;
            if (next.identity().compress() && encoder instanceof MessageEncoder.Plain) {
                encoder = new MessageEncoder.Payload();
            }
        }
        wake();
    }

    /** Stops sending events and returns the session. The connection stays open. */
    synchronized Optional<GatewaySession> detachSession() {
        Optional<GatewaySession> old = session;
        session = Optional.empty();
        return old;
    }

    /** Queues a message that is not a dispatch. Never blocks. */
    public void send(int op, Object d) {
        enqueue(new Control.Message(Json.bytes(Json.of("t", null, "s", null, "op", op, "d", d))));
    }

    /** Queues these bytes as one unmodified message, for a fault. */
    public void sendRaw(byte[] bytes) {
        enqueue(new Control.Message(bytes));
    }

    /** Queues a WebSocket message that bypasses the compression, for a fault. */
    public void sendFrame(boolean binary, byte[] bytes) {
        enqueue(
                new Control.Frame(
                        binary ? WebSocketFrameWriter.BINARY : WebSocketFrameWriter.TEXT, bytes));
    }

    /** Stops sending, for a fault. */
    public void freeze() {
        frozen = true;
    }

    /** Damages the next message, for a fault. */
    public void corruptNext() {
        out.corruptNext();
    }

    /** Skips the next events, for a fault. */
    public void skipEvents(int events) {
        eventsToSkip.addAndGet(events);
    }

    void pong(byte[] bytes) {
        enqueue(new Control.Pong(bytes));
    }

    /**
     * Sends a close frame, then closes the socket after the client's reply or two seconds. Code
     * 1005 sends a frame without a code. Code 1006 closes the socket at once.
     */
    public void close(int code, String reason) {
        if (code == NO_CLOSE_FRAME) {
            cut();
            return;
        }
        closing = true;
        enqueue(new Control.Close(code, reason));
        DelayedTask.run(CLOSE_GRACE_MILLIS, this::cut);
    }

    void close(GatewayCloseCode code) {
        close(code.number(), code.reason());
    }

    /** Returns true if the simulator began the close. */
    boolean closing() {
        return closing;
    }

    /** Closes the socket without a close frame. */
    public void cut() {
        closing = true;
        closed = true;
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "connection.close_failed reason=\"{0}\"", e.getMessage());
        }
        wake();
    }

    /** Shuts down the sending half without a close frame and continues to read, for a fault. */
    public void shutDownOutput() {
        freeze();
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            LOG.log(
                    Level.DEBUG,
                    "connection.shutdown_output_failed reason=\"{0}\"",
                    e.getMessage());
        }
    }

    /** Closes the socket with a TCP reset, which discards data in transit. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "connection.linger_failed reason=\"{0}\"", e.getMessage());
        }
        cut();
    }

    void wake() {
        if (work.availablePermits() == 0) {
            work.release();
        }
    }

    private void enqueue(Control control) {
        controls.add(control);
        wake();
    }

    /** Runs the writer thread until the socket is closed. */
    void writeUntilClosed() {
        try {
            while (!closed) {
                boolean wrote = !frozen && (writeControls() | writeEvents());
                if (!wrote) {
                    out.flush();
                    // The semaphore keeps each wake-up. The limit only bounds the harm of a defect.
                    work.tryAcquire(1, TimeUnit.SECONDS);
                    work.drainPermits();
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "connection.write_failed reason=\"{0}\"", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "connection.writer_failed", e);
        } finally {
            cut();
            closeEncoder();
        }
    }

    private boolean writeControls() throws IOException {
        boolean wrote = false;
        for (Control next = controls.poll(); next != null; next = controls.poll()) {
            switch (next) {
                case Control.Message send -> encoder().write(out, send.envelope());
                case Control.Pong pong ->
                        out.frame(WebSocketFrameWriter.PONG, pong.bytes(), 0, pong.bytes().length);
                case Control.Frame frame ->
                        out.frame(frame.opcode(), frame.bytes(), 0, frame.bytes().length);
                case Control.Close close -> {
                    out.close(close.code(), close.reason());
                    detachSession();
                }
            }
            wrote = true;
        }
        return wrote;
    }

    private boolean writeEvents() throws IOException {
        Optional<GatewaySession> following;
        int from;
        synchronized (this) {
            following = session;
            from = cursor;
        }
        if (following.isEmpty()) {
            return false;
        }
        var events = following.get().after(from, BATCH);
        for (GatewaySession.Event event : events) {
            if (eventsToSkip.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                byte[] head = ascii(event.type() + "\",\"s\":" + event.sequence());
                encoder().write(out, TYPE, head, D, event.d(), END);
            }
            if (!advance(following.get(), event.sequence())) {
                break;
            }
        }
        return !events.isEmpty();
    }

    /** Returns false if the connection was given another session meanwhile. */
    private synchronized boolean advance(GatewaySession following, int sequence) {
        following.sent(this, sequence);
        boolean same = session.filter(current -> current == following).isPresent();
        if (same) {
            cursor = sequence;
        }
        return same;
    }

    private synchronized MessageEncoder encoder() {
        return encoder;
    }

    private synchronized void closeEncoder() {
        encoder.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
