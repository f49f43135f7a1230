package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.machine.IdleConnectionCheck;
import loom.dispatch.gateway.machine.ShardEvent;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One WebSocket connection to Discord, which puts everything that arrives into the shard's inbox.
 *
 * <p>Its callbacks run on the HTTP client's threads and only add signals to the inbox. The shard's
 * thread calls {@link #request}, {@link #send} and {@link #close}.
 *
 * <p>Bound of the inbox: at most {@link #WINDOW} parts are requested and not yet decoded. The JDK
 * delivers parts of at most its read buffer, 16 KiB: 16 x 16 KiB = 256 KiB per shard.
 *
 * <p>The JDK does not report every end of a connection: see {@link IdleConnectionCheck}.
 */
final class GatewaySocket implements WebSocket.Listener {
    static final int WINDOW = 16;

    /** The time that Discord has to answer the close frame before the connection is cut. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    /**
     * The least code of Discord's own. To answer a close with such a code never ends the session
     * (protocol section 1.6).
     */
    private static final int LEAST_SESSION_KEEPING_CODE = 4000;

    private final int epoch;
    private final Consumer<InboxSignal> inbox;

    /**
     * Guards {@link #socket} and {@link #closed}: the shard may close before the connection is
     * open.
     */
    private final Object opening = new Object();

    private WebSocket socket;
    private boolean closed;

    private GatewaySocket(int epoch, Consumer<InboxSignal> inbox) {
        this.epoch = epoch;
        this.inbox = inbox;
    }

    /** Starts to connect. The result arrives in the inbox. */
    static GatewaySocket open(
            HttpClient client, URI url, Duration timeout, int epoch, Consumer<InboxSignal> inbox) {
        var socket = new GatewaySocket(epoch, inbox);
        client.newWebSocketBuilder()
                .connectTimeout(timeout)
                .buildAsync(url, socket)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        socket.signal(new ShardEvent.Failed(epoch, reason(failure)));
                    }
                });
        return socket;
    }

    @Override
    public void onOpen(WebSocket opened) {
        synchronized (opening) {
            if (closed) {
                opened.abort();
                return;
            }
            socket = opened;
        }
        signal(new ShardEvent.Opened(epoch));
        opened.request(WINDOW);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        inbox.accept(new InboxSignal.Part(epoch, bytes, last));
        return null;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        byte[] bytes = data.toString().getBytes(StandardCharsets.UTF_8);
        inbox.accept(new InboxSignal.Part(epoch, bytes, last));
        return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        from.request(1);
        return null;
    }

    /**
     * Cuts the connection instead of answering a close below 4000.
     *
     * <p>The JDK answers a close frame with the same code, or with 1000 if it has none. Discord
     * would take 1000 or 1001 as the shard's own close and end the session.
     */
    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        if (code < LEAST_SESSION_KEEPING_CODE) {
            from.abort();
        }
        signal(new ShardEvent.Closed(epoch, code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        signal(new ShardEvent.Failed(epoch, reason(error)));
    }

    /** Requests this number of further parts. */
    void request(int parts) {
        socket.request(parts);
    }

    /**
     * Sends one text frame. The previous frame must have been sent, which the signal {@code Sent}
     * reports.
     */
    void send(String text) {
        socket.sendText(text, true)
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        inbox.accept(new InboxSignal.Sent(epoch));
                    } else {
                        signal(new ShardEvent.Failed(epoch, reason(failure)));
                    }
                });
    }

    /**
     * Sends a close frame, and cuts the connection if Discord does not answer in time.
     *
     * @return completed when the close frame was sent or cannot be sent
     */
    CompletableFuture<?> close(CloseReason reason) {
        synchronized (opening) {
            closed = true;
            if (socket == null) {
                return CompletableFuture.completedFuture(null);
            }
        }
        WebSocket leaving = socket;
        leaving.request(WINDOW);
        CompletableFuture<?> left =
                leaving.sendClose(reason.code(), reason.reason()).exceptionally(_ -> leaving);
        CompletableFuture.delayedExecutor(CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(leaving::abort);
        return left;
    }

    private void signal(ShardEvent event) {
        inbox.accept(new InboxSignal.MachineInput(event));
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }
}
