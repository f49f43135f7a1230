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
 * One WebSocket connection, as a source of signals for the shard's inbox.
 *
 * <p>The callbacks run on the HTTP client's threads and only put signals into the inbox. {@link
 * #request}, {@link #send} and {@link #close} are called by the shard's thread.
 *
 * <p>Bound of the inbox: at most {@link #WINDOW} parts are asked for and not yet decoded, and the
 * JDK delivers parts of at most its read buffer, 16 KiB: 16 x 16 KiB = 256 KiB for each shard.
 *
 * <p>Not every end of a connection is told: see {@link IdleConnectionCheck}.
 */
final class GatewaySocket implements WebSocket.Listener {
    static final int WINDOW = 16;

    /** How long Discord has to answer our close frame before the connection is cut. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(2);

    /** Protocol section 1.6: an answer with a code of Discord's own never ends the session. */
    private static final int LEAST_KEEPING_CODE = 4000;

    private final int epoch;
    private final Consumer<InboxSignal> inbox;

    /** Guards the hand-over between the opening thread and a close that comes before it. */
    private final Object opening = new Object();

    private WebSocket socket;
    private boolean closed;

    private GatewaySocket(int epoch, Consumer<InboxSignal> inbox) {
        this.epoch = epoch;
        this.inbox = inbox;
    }

    /** Begins to connect; the outcome arrives in the inbox. */
    static GatewaySocket open(
            HttpClient client, URI url, Duration timeout, int epoch, Consumer<InboxSignal> inbox) {
        var socket = new GatewaySocket(epoch, inbox);
        client.newWebSocketBuilder()
                .connectTimeout(timeout)
                .buildAsync(url, socket)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        socket.tell(new ShardEvent.Failed(epoch, reason(failure)));
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
        tell(new ShardEvent.Opened(epoch));
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
     * The JDK answers a close with its code, and a missing one with 1000. Whoever still reads at
     * the other end would take a 1000 or 1001 for our goodbye and end the session, so that is never
     * said: the connection is cut instead.
     */
    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        if (code < LEAST_KEEPING_CODE) {
            from.abort();
        }
        tell(new ShardEvent.Closed(epoch, code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        tell(new ShardEvent.Failed(epoch, reason(error)));
    }

    /** Asks for so many more parts. */
    void request(int parts) {
        socket.request(parts);
    }

    /** Sends one text frame; only after the one before it has left, which {@code Sent} tells. */
    void send(String text) {
        socket.sendText(text, true)
                .whenComplete((_, failure) -> {
                    if (failure == null) {
                        inbox.accept(new InboxSignal.Sent(epoch));
                    } else {
                        tell(new ShardEvent.Failed(epoch, reason(failure)));
                    }
                });
    }

    /**
     * Says goodbye, and cuts the connection if that is not answered in time.
     *
     * @return done when the close frame has left, or never will
     */
    CompletableFuture<?> close(CloseReason goodbye) {
        synchronized (opening) {
            closed = true;
            if (socket == null) {
                return CompletableFuture.completedFuture(null);
            }
        }
        WebSocket leaving = socket;
        leaving.request(WINDOW);
        CompletableFuture<?> left =
                leaving.sendClose(goodbye.code(), goodbye.reason()).exceptionally(_ -> leaving);
        CompletableFuture.delayedExecutor(CLOSE_GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(leaving::abort);
        return left;
    }

    private void tell(ShardEvent event) {
        inbox.accept(new InboxSignal.Happened(event));
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
