package loom.dispatch.servers.process;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a port, in the protocol of its server, whether the server takes work. An open port does not
 * say so: Docker's proxy accepts connections before the server behind it listens.
 */
public enum ReadinessCheck {
    /** Anything that listens, such as epmd, which answers to Erlang only. */
    ACCEPTING(new byte[0]) {
        @Override
        boolean accepts(InputStream in) {
            return true;
        }
    },
    /** RabbitMQ or Qpid: answers the protocol header with a Connection.Start method frame. */
    AMQP(new byte[] {'A', 'M', 'Q', 'P', 0, 0, 9, 1}) {
        @Override
        boolean accepts(InputStream in) throws IOException {
            return in.read() == METHOD_FRAME;
        }
    },
    /** Redis: has loaded its data, whether it wants a password or not. */
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

    /** Whether the server answers as it should; waits two seconds at most for each step. */
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
