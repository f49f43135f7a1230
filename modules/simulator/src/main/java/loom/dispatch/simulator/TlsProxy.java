package loom.dispatch.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

import javax.net.ssl.SSLServerSocket;

/**
 * TLS in front of a server that speaks none: takes the cipher off and hands the bytes on. Each
 * connection has two virtual threads, one a direction; a direction that ends closes both.
 */
public final class TlsProxy implements AutoCloseable {
    private static final int CONNECTIONS_WAITING = 64;

    private final SSLServerSocket server;
    private final int target;

    /**
     * Listens on a free port of 127.0.0.1.
     *
     * @param authority vouches for it
     * @param target the port on 127.0.0.1 that gets the bytes
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
        Thread.ofVirtual().name("tls-front").start(this::accept);
    }

    /** Where it listens. */
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
            // by close(), or by a simulator that has ended
        } catch (IOException e) {
            throw new IllegalStateException("the TLS front failed", e);
        }
    }

    private static void pump(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } catch (IOException closed) {
            // the other direction has ended, or its client has gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
