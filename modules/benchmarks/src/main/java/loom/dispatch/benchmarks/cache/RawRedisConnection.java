package loom.dispatch.benchmarks.cache;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends recorded bytes to Redis and skips the replies: an upper bound for one connection. Used by
 * one thread.
 */
final class RawRedisConnection implements AutoCloseable {
    /** The usual size of a socket buffer. */
    private static final int CHUNK_BYTES = 64 << 10;

    /** Enough chunks in flight to keep Redis busy. */
    static final int CHUNKS = 4;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final byte[] buffer = new byte[CHUNK_BYTES];
    private int at;
    private int end;

    /**
     * Commands that are sent together.
     *
     * @param bytes as on the wire
     * @param replies the number of replies
     */
    record Pipeline(byte[] bytes, int replies) {}

    RawRedisConnection(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = socket.getInputStream();
    }

    /** Returns the same commands in pipelines of the size of a socket buffer. */
    static List<Pipeline> joined(List<Pipeline> pipelines) {
        List<Pipeline> chunks = new ArrayList<>();
        var bytes = new ByteArrayOutputStream();
        int replies = 0;
        for (Pipeline one : pipelines) {
            bytes.writeBytes(one.bytes());
            replies += one.replies();
            if (bytes.size() >= CHUNK_BYTES) {
                chunks.add(new Pipeline(bytes.toByteArray(), replies));
                bytes.reset();
                replies = 0;
            }
        }
        if (replies > 0) {
            chunks.add(new Pipeline(bytes.toByteArray(), replies));
        }
        return chunks;
    }

    /**
     * Sends all pipelines, at most {@code ahead} before their replies. Returns at the last reply.
     */
    void replay(List<Pipeline> pipelines, int ahead) throws IOException {
        int answered = 0;
        for (int sent = 0; sent < pipelines.size(); sent++) {
            out.write(pipelines.get(sent).bytes());
            if (sent - answered + 1 >= ahead) {
                skip(pipelines.get(answered++).replies());
            }
        }
        while (answered < pipelines.size()) {
            skip(pipelines.get(answered++).replies());
        }
    }

    /** Sends one command, its words separated by spaces. */
    void send(String command) throws IOException {
        out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        skip(1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void skip(int replies) throws IOException {
        for (int i = 0; i < replies; i++) {
            skipReply();
        }
    }

    /** Skips one RESP 2 reply. An error reply means that the recording does not match. */
    private void skipReply() throws IOException {
        int type = read();
        switch (type) {
            case '+' -> line();
            case ':' -> number();
            case '-' -> throw new IOException("Redis answered " + line());
            case '$' -> {
                long length = number();
                skipBytes(length < 0 ? 0 : length + 2);
            }
            case '*' -> {
                long elements = number();
                if (elements < 0) {
                    throw new IOException("a transaction was refused");
                }
                for (long i = 0; i < elements; i++) {
                    skipReply();
                }
            }
            default -> throw new IOException("no reply of Redis begins with byte " + type);
        }
    }

    private long number() throws IOException {
        long sign = 1;
        long value = 0;
        for (int c = read(); c != '\r'; c = read()) {
            if (c == '-') {
                sign = -1;
            } else {
                value = 10 * value + c - '0';
            }
        }
        read();
        return sign * value;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = read(); c != '\r'; c = read()) {
            line.append((char) c);
        }
        read();
        return line.toString();
    }

    private void skipBytes(long count) throws IOException {
        long left = count;
        while (left > end - at) {
            left -= end - at;
            fill();
        }
        at += (int) left;
    }

    private int read() throws IOException {
        if (at == end) {
            fill();
        }
        return buffer[at++];
    }

    private void fill() throws IOException {
        at = 0;
        end = in.read(buffer);
        if (end < 0) {
            throw new EOFException("Redis closed the connection");
        }
    }
}
