package loom.dispatch.demo.scene;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Reads {@code gateway_statuses} from Redis, as a bot's status page does. */
public final class ShardStatusReader {
    private static final Pattern STATUS = Pattern.compile("\"status\"\\s*:\\s*\"([A-Za-z]+)\"");
    private static final int TIMEOUT_MILLIS = 500;

    /** A bound far above 256 shards of about 90 bytes, which are 23 kB. */
    private static final int MOST_BYTES = 1 << 20;

    private ShardStatusReader() {}

    /** Returns the states in the order of the shard ids; empty without Redis or without the key. */
    static List<String> read(String host, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write("GET gateway_statuses\r\n".getBytes(StandardCharsets.US_ASCII));
            return parse(bulk(socket));
        } catch (IOException | NumberFormatException away) {
            return List.of();
        }
    }

    /** Parses the JSON array of the key. */
    public static List<String> parse(String json) {
        return STATUS.matcher(json).results().map(match -> match.group(1)).toList();
    }

    /** Reads a bulk string, {@code $length CRLF bytes CRLF}. A missing one has the length -1. */
    private static String bulk(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var head = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0 && head.length() < 32; c = in.read()) {
            head.append((char) c);
        }
        if (head.isEmpty() || head.charAt(0) != '$') {
            return "";
        }
        int length = Integer.parseInt(head.substring(1).strip());
        return length < 0 || length > MOST_BYTES
                ? ""
                : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
