package loom.dispatch.benchmarks.discord;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One shard's connection: begins a session, answers heartbeats, and sends recorded messages on
 * demand. Its own thread reads. One other thread at a time sends.
 */
public final class ReplayConnection {
    private static final Pattern SHARD = Pattern.compile("\"shard\":\\s*\\[\\s*(\\d+)");
    private static final Pattern OPCODE = Pattern.compile("\"op\":\\s*(\\d+)");
    private static final Pattern KEY = Pattern.compile("(?i)sec-websocket-key:\\s*(\\S+)");
    private static final String HELLO =
            "{\"t\":null,\"s\":null,\"op\":10,\"d\":{\"heartbeat_interval\":41250}}";
    private static final String ACK = "{\"t\":null,\"s\":null,\"op\":11,\"d\":null}";

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final RecordedTraffic recording;
    private final CompressedTraffic traffic;
    private final SendTimes times;
    private final Consumer<ReplayConnection> onReady;
    // Guards the stream and the fields below. A sender may hold it while the socket is full, which
    // is part of the load.
    private final ReentrantLock sending = new ReentrantLock();
    private byte[] buffer = new byte[1 << 16];
    private int id;
    private int place;
    private int sequence = CompressedTraffic.FIRST_SEQUENCE;
    private boolean ackDue;

    ReplayConnection(
            Socket socket,
            BufferedInputStream in,
            RecordedTraffic recording,
            CompressedTraffic traffic,
            SendTimes times,
            Consumer<ReplayConnection> onReady)
            throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(in);
        this.out = socket.getOutputStream();
        this.recording = recording;
        this.traffic = traffic;
        this.times = times;
        this.onReady = onReady;
    }

    int id() {
        return id;
    }

    boolean uses(Socket other) {
        return socket == other;
    }

    /** Sends this many messages of the recording. It blocks while the socket is full. */
    public void send(int messages, long nowNanos) throws IOException {
        sending.lock();
        try {
            int end = 0;
            for (int i = 0; i < messages; i++) {
                if (place % CompressedTraffic.SEGMENT == 0) {
                    end = sendAckBetween(end);
                }
                int length = traffic.frames()[place].length;
                if (end + length > buffer.length) {
                    out.write(buffer, 0, end);
                    end = 0;
                    buffer = length > buffer.length ? new byte[length] : buffer;
                }
                times.sent(id, sequence, nowNanos);
                end = traffic.copy(place, sequence++, buffer, end);
                place = (place + 1) % traffic.length();
            }
            out.write(buffer, 0, end);
        } finally {
            sending.unlock();
        }
    }

    /** Sends a message that is not part of the recording. */
    public void sendAlone(String type, String data) throws IOException {
        sending.lock();
        try {
            times.sent(id, sequence, System.nanoTime());
            out.write(CompressedTraffic.single(dispatch(type, sequence++, data), false));
        } finally {
            sending.unlock();
        }
    }

    private int sendAckBetween(int end) throws IOException {
        if (!ackDue) {
            return end;
        }
        ackDue = false;
        out.write(buffer, 0, end);
        out.write(CompressedTraffic.single(ACK, false));
        return 0;
    }

    /** Serves the connection until it ends. */
    void serve(List<String> request) throws IOException {
        upgrade(request);
        out.write(CompressedTraffic.single(HELLO, true));
        while (true) {
            int first = in.read();
            String message = message();
            if (first < 0 || (first & 0x0F) == 8) {
                return;
            }
            Matcher opcode = OPCODE.matcher(message);
            switch (opcode.find() ? Integer.parseInt(opcode.group(1)) : -1) {
                case 1 -> acknowledge();
                case 2 -> begin(message);
                default -> {}
            }
        }
    }

    private void acknowledge() throws IOException {
        sending.lock();
        try {
            ackDue = true;
            if (place % CompressedTraffic.SEGMENT == 0) {
                sendAckBetween(0);
            }
        } finally {
            sending.unlock();
        }
    }

    private void begin(String identify) throws IOException {
        Matcher shard = SHARD.matcher(identify);
        id = shard.find() ? Integer.parseInt(shard.group(1)) : 0;
        String ready =
                recording
                        .ready()
                        .replaceFirst(
                                "\"session_id\":\"[^\"]*\"", "\"session_id\":\"load-" + id + "\"")
                        .replaceFirst("\"resume_gateway_url\":\"[^\"]*\",?", "");
        sending.lock();
        try {
            out.write(CompressedTraffic.single(dispatch("READY", 1, ready), false));
            int next = 2;
            for (RecordedTraffic.Event guild : recording.guilds()) {
                String data = new String(guild.data(), StandardCharsets.UTF_8);
                out.write(CompressedTraffic.single(dispatch("GUILD_CREATE", next++, data), false));
            }
        } finally {
            sending.unlock();
        }
        onReady.accept(this);
    }

    private static String dispatch(String type, int sequence, String data) {
        return "{\"t\":\"" + type + "\",\"s\":" + sequence + ",\"op\":0,\"d\":" + data + "}";
    }

    /** Reads a client frame. It is masked, and never longer than 4,096 bytes here. */
    private String message() throws IOException {
        int length = in.read() & 0x7F;
        length = length == 126 ? in.readUnsignedShort() : length;
        byte[] mask = in.readNBytes(4);
        byte[] bytes = in.readNBytes(length);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= mask[i & 3];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void upgrade(List<String> request) throws IOException {
        String key =
                request.stream()
                        .map(KEY::matcher)
                        .filter(Matcher::find)
                        .map(found -> found.group(1))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no WebSocket"));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest(
                                    (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                            .getBytes(StandardCharsets.US_ASCII));
            out.write(
                    ("HTTP/1.1 101 Switching Protocols\r\n"
                                    + "Upgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\n"
                                    + "Sec-WebSocket-Accept: "
                                    + Base64.getEncoder().encodeToString(hash)
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
