package loom.dispatch.simulator;

import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A client on a plain socket that sees the exact bytes of each {@code d}. */
final class RawGatewayClient implements AutoCloseable {
    /** Receives a dispatch. The id is {@code session:sequence}. */
    @FunctionalInterface
    interface Sink {
        void take(String id, String type, byte[] d);
    }

    private final Socket socket;
    private final DataInputStream in;
    private String sessionId = "";

    private RawGatewayClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 65_536));
    }

    static RawGatewayClient identify(Simulator simulator) throws IOException {
        RawGatewayClient client =
                new RawGatewayClient(new Socket("127.0.0.1", simulator.gatewayUri().getPort()));
        client.socket
                .getOutputStream()
                .write(
                        "GET /?v=10&encoding=json HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) client.in.readUnsignedByte());
        }
        client.send(
                "{\"op\":2,\"d\":{\"token\":\""
                        + simulator.config().token()
                        + "\",\"intents\":"
                        + IntentBits.ALL
                        + "}}");
        return client;
    }

    private void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[8 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | 126);
        frame[2] = (byte) (payload.length >> 8);
        frame[3] = (byte) payload.length;
        System.arraycopy(payload, 0, frame, 8, payload.length);
        socket.getOutputStream().write(frame);
    }

    /** Reads on its own thread until the socket is closed. */
    void onDispatch(Sink sink) {
        Thread.ofVirtual().start(() -> readUntilClosed(sink));
    }

    private void readUntilClosed(Sink sink) {
        try {
            while (true) {
                in.readUnsignedByte();
                long length = in.readUnsignedByte();
                if (length == 126) {
                    length = in.readUnsignedShort();
                } else if (length == 127) {
                    length = in.readLong();
                }
                byte[] message = new byte[(int) length];
                in.readFully(message);
                take(message, sink);
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }

    private void take(byte[] message, Sink sink) {
        String head =
                new String(message, 0, Math.min(120, message.length), StandardCharsets.US_ASCII);
        if (!head.startsWith("{\"t\":\"")) {
            return;
        }
        String type = head.substring(6, head.indexOf('"', 6));
        int s = head.indexOf("\"s\":") + 4;
        String sequence = head.substring(s, head.indexOf(',', s));
        int d = head.indexOf("\"d\":") + 4;
        if (type.equals("READY")) {
            byte[] ready = Arrays.copyOfRange(message, d, message.length - 1);
            sessionId = Json.text(Json.object(ready), "session_id");
        }
        sink.take(
                sessionId + ":" + sequence,
                type,
                Arrays.copyOfRange(message, d, message.length - 1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
