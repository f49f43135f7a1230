package loom.dispatch.servers.redis;

import loom.dispatch.servers.ServerFailure;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends single commands to a Redis, to form clusters without a Redis client. */
public final class RedisCommandSocket {
    private static final int TIMEOUT_MILLIS = 2_000;

    private RedisCommandSocket() {}

    /**
     * Sends one command.
     *
     * @param command its words, separated by spaces
     * @return the text of a simple, integer or bulk reply
     * @throws ServerFailure if Redis replies with an error or another type
     */
    static String send(int port, String command) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            var in = new DataInputStream(socket.getInputStream());
            String first = line(in);
            return switch (first.charAt(0)) {
                case '+', ':' -> first.substring(1);
                case '$' -> text(in.readNBytes(Integer.parseInt(first.substring(1))));
                default -> throw new ServerFailure(command + ": reply was " + first);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        }
    }

    /** Whether the reply contains a text; false if Redis does not reply. */
    public static boolean replyContains(int port, String command, String text) {
        try {
            return send(port, command).contains(text);
        } catch (UncheckedIOException | ServerFailure notYet) {
            return false;
        }
    }

    private static String line(DataInputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\r'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        in.readUnsignedByte();
        return line.toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
