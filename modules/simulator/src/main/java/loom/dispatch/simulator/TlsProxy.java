package loom.dispatch.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

import javax.net.ssl.SSLServerSocket;

/**
 * Terminates TLS in front of a plain-text server and forwards the bytes. Each connection has two
 * virtual threads, one per direction. When one direction ends, it closes both.
 */
public final class TlsProxy implements AutoCloseable {
    private static final int CONNECTIONS_WAITING = 64;

    private final SSLServerSocket server;
    private final int target;

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @param authority issuer of the proxy's certificate
     * @param target the port on 127.0.0.1 that receives the bytes
     */
    public TlsProxy(TestCertificateAuthority authority, int target) throws IOException {
        this.target = target;
        server =
                (SSLServerSocket)
                        authority
                                .serverContext()
                                .getServerSocketFactory()
                                .createServerSocket(
                                        0, CONNECTIONS_WAITING, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("tls-proxy").start(this::accept);
    }

    /** Returns the port that the proxy listens on. */
    public int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket outside = server.accept();
                var inside = new Socket(InetAddress.getLoopbackAddress(), target);
                Thread.ofVirtual().name("tls-in").start(() -> pump(outside, inside));
                Thread.ofVirtual().name("tls-out").start(() -> pump(inside, outside));
            }
        } catch (SocketException closed) {
            // close() or the end of the simulator closed the socket.
        } catch (IOException e) {
            throw new IllegalStateException("the TLS proxy failed", e);
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException closed) {
            // The other direction has closed the sockets, or the client has disconnected.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
