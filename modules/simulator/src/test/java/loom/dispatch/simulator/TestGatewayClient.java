package loom.dispatch.simulator;

import com.github.luben.zstd.ZstdDecompressCtx;

import loom.dispatch.simulator.gateway.GatewayOpcode;
import loom.dispatch.simulator.world.Json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A plain gateway client. A test takes the received messages one by one and decides what to send.
 */
public final class TestGatewayClient implements AutoCloseable {
    /** A message from the simulator. {@code close} is its close code or -1. */
    public record Received(int op, String type, int sequence, Object d, int close) {
        public Map<String, Object> data() {
            return Json.typed((Map<?, ?>) d);
        }
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final long PATIENCE_SECONDS = 20;

    private final BlockingQueue<Received> inbox = new LinkedBlockingQueue<>();
    private final WebSocket socket;

    public TestGatewayClient(URI base, String query) {
        socket =
                HTTP.newWebSocketBuilder()
                        .connectTimeout(Duration.ofSeconds(10))
                        .buildAsync(
                                URI.create(base + "/?" + query),
                                new Listener(
                                        query.contains("zlib-stream"),
                                        query.contains("zstd-stream")))
                        .join();
    }

    public static TestGatewayClient plain(Simulator simulator) {
        return new TestGatewayClient(simulator.gatewayUri(), "v=10&encoding=json");
    }

    public void send(int op, Object d) {
        sendText(new String(Json.bytes(Json.of("op", op, "d", d)), StandardCharsets.UTF_8));
    }

    public void sendText(String text) {
        socket.sendText(text, true).join();
    }

    /** Sends one message in two fragments with a ping between them. */
    void sendInPieces(String first, String second) {
        socket.sendText(first, false).join();
        socket.sendPing(ByteBuffer.allocate(0)).join();
        socket.sendText(second, true).join();
    }

    void sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    public void identify(Simulator simulator, int shard, int count, int intents) {
        send(
                GatewayOpcode.IDENTIFY,
                Json.of(
                        "token", simulator.config().token(),
                        "intents", intents,
                        "properties", Json.of("os", "linux"),
                        "shard", java.util.List.of(shard, count)));
    }

    void resume(Simulator simulator, String sessionId, long sequence) {
        send(
                GatewayOpcode.RESUME,
                Json.of(
                        "token", simulator.config().token(),
                        "session_id", sessionId,
                        "seq", sequence));
    }

    /** Returns the next message of any kind. */
    Received next() throws InterruptedException {
        Received received = inbox.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (received == null) {
            throw new AssertionError("nothing arrived");
        }
        return received;
    }

    /** Returns the next message with this opcode and skips others. */
    public Received next(int op) throws InterruptedException {
        while (true) {
            Received received = next();
            if (received.op() == op) {
                return received;
            }
            if (received.close() >= 0) {
                throw new AssertionError("closed with " + received.close());
            }
        }
    }

    /** Returns the next dispatch of this type and skips others. */
    public Received next(String type) throws InterruptedException {
        while (true) {
            Received received = next(GatewayOpcode.DISPATCH);
            if (received.type().equals(type)) {
                return received;
            }
        }
    }

    /** Returns true if a message with this opcode, or a close, arrives in time. */
    boolean hears(int op, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos(); left > 0; left = deadline - System.nanoTime()) {
            Received received = inbox.poll(left, TimeUnit.NANOSECONDS);
            if (received != null && (received.op() == op || received.close() >= 0)) {
                return true;
            }
        }
        return false;
    }

    public int closeCode() throws InterruptedException {
        while (true) {
            Received received = next();
            if (received.close() >= 0) {
                return received.close();
            }
        }
    }

    void close(int code) {
        socket.sendClose(code, "").join();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {
        private final boolean zlib;
        private final boolean zstd;
        private final ZstdDecompressCtx context = new ZstdDecompressCtx();
        private final Inflater inflater = new Inflater();
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        Listener(boolean zlib, boolean zstd) {
            this.zlib = zlib;
            this.zstd = zstd;
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                deliver(text.toString().getBytes(StandardCharsets.UTF_8));
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            binary.writeBytes(part);
            if (last && (!zlib || flushed())) {
                deliver(inflate(binary.toByteArray()));
                binary.reset();
            }
            webSocket.request(1);
            return null;
        }

        private boolean flushed() {
            byte[] all = binary.toByteArray();
            int n = all.length;
            return n >= 4
                    && all[n - 4] == 0
                    && all[n - 3] == 0
                    && all[n - 2] == -1
                    && all[n - 1] == -1;
        }

        private byte[] inflate(byte[] compressed) {
            if (zstd) {
                return decompress(compressed);
            }
            if (!zlib) {
                inflater.reset();
            }
            inflater.setInput(compressed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8_192];
            try {
                for (int n = inflater.inflate(buffer); n > 0; n = inflater.inflate(buffer)) {
                    out.write(buffer, 0, n);
                }
            } catch (DataFormatException e) {
                throw new IllegalStateException(e);
            }
            return out.toByteArray();
        }

        private byte[] decompress(byte[] compressed) {
            ByteBuffer source = ByteBuffer.allocateDirect(compressed.length);
            source.put(compressed).flip();
            ByteBuffer target = ByteBuffer.allocateDirect(8_192);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            do {
                target.clear();
                context.decompressDirectByteBufferStream(target, source);
                byte[] part = new byte[target.flip().remaining()];
                target.get(part);
                out.writeBytes(part);
            } while (source.hasRemaining() || target.limit() == target.capacity());
            return out.toByteArray();
        }

        private void deliver(byte[] json) {
            try {
                Map<String, Object> m = Json.typed((Map<?, ?>) Json.parse(json));
                if (!m.keySet().equals(java.util.Set.of("t", "s", "op", "d"))) {
                    throw new IllegalStateException("envelope keys " + m.keySet());
                }
                int sequence = m.get("s") instanceof Integer s ? s : 0;
                int op = (Integer) m.get("op");
                inbox.add(new Received(op, Json.text(m, "t"), sequence, m.get("d"), -1));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            inbox.add(new Received(-1, "", 0, "", code));
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            inbox.add(new Received(-1, "", 0, error.toString(), 1006));
        }
    }
}
