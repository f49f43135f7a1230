package loom.dispatch.servers.redis;

import loom.dispatch.servers.ServerFailure;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Says one command to a Redis and hears its answer: enough to form clusters, no client. */
public final class RedisCommandSocket {
    private static final int TIMEOUT_MILLIS = 2_000;

    private RedisCommandSocket() {}

    /**
     * Sends one command.
     *
     * @param command its words, parted by spaces, without spaces in them
     * @return the text of a simple, integer or bulk answer
     * @throws ServerFailure when the answer is an error or something else
     */
    static String say(int port, String command) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
            var in = new DataInputStream(socket.getInputStream());
            String first = line(in);
            return switch (first.charAt(0)) {
                case '+', ':' -> first.substring(1);
                case '$' -> text(in.readNBytes(Integer.parseInt(first.substring(1))));
                default -> throw new ServerFailure(command + " was answered with " + first);
            };
        } catch (IOException e) {
            throw new UncheckedIOException(command, e);
        }
    }

    /** Whether the answer contains a text; no answer contains none. */
    public static boolean says(int port, String command, String text) {
        try {
            return say(port, command).contains(text);
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
