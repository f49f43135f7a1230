package loom.dispatch.servers.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Checks in the server's protocol whether a server is ready. An open port is not enough: Docker's
 * proxy accepts connections before the server listens.
 */
public enum ReadinessCheck {
    /** Any listener, such as epmd, which replies only to Erlang nodes. */
    ACCEPTING(new byte[0]) {
        @Override
        boolean accepts(InputStream in) {
            return true;
        }
    },
    /** RabbitMQ or Qpid: replies to the protocol header with a Connection.Start method frame. */
    AMQP(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1}) {
        @Override
        boolean accepts(InputStream in) throws IOException {
            return in.read() == METHOD_FRAME;
        }
    },
    /** Redis: has loaded its data, or demands a password, which it does before it has loaded. */
    REDIS("PING\r\n".getBytes(StandardCharsets.US_ASCII)) {
        @Override
        boolean accepts(InputStream in) throws IOException {
            String answer = new String(in.readNBytes(5), StandardCharsets.US_ASCII);
            return answer.equals("+PONG") || answer.equals("-NOAU");
        }
    };

    private static final int METHOD_FRAME = 1;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final byte[] question;

    ReadinessCheck(byte[] question) {
        this.question = question;
    }

    abstract boolean accepts(InputStream in) throws IOException;

    /** Whether the server is ready. Connecting and reading each take at most two seconds. */
    public boolean answers(String host, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(question);
            return accepts(socket.getInputStream());
        } catch (IOException notYet) {
            return false;
        }
    }
}
