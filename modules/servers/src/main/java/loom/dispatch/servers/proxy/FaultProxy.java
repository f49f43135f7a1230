package loom.dispatch.servers.proxy;

import loom.dispatch.servers.ServerFailure;
import loom.dispatch.servers.process.FreePort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on 127.0.0.1 that injects faults into open and new connections.
 *
 * <p>Any thread may call any method; a fault takes effect at once. The proxy loses no bytes of an
 * open connection: it delays them or ends the connection. Do not measure throughput through it,
 * because two threads hand over each chunk.
 */
public final class FaultProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int BACKLOG = 200;

    private final InetSocketAddress target;
    private final int port = FreePort.find();
    private final ProxyFaults toServer = new ProxyFaults();
    private final ProxyFaults toClient = new ProxyFaults();
    private final Set<ProxiedConnection> links = ConcurrentHashMap.newKeySet();

    /** Guarded by this object's lock, which orders {@link #refuse} and {@link #accept}. */
    private Listener listener;

    private record Listener(ServerSocket socket, Thread acceptor) {}

    /** Starts to accept connections for the target, which need not run yet. */
    public FaultProxy(String host, int targetPort) {
        target = new InetSocketAddress(host, targetPort);
        listener = listen();
    }

    /** The host that clients connect to instead of the target's. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port that clients connect to instead of the target's; stays the same. */
    public int port() {
        return port;
    }

    /** Delays every chunk in both directions by the delay plus a random part of the jitter. */
    public void delay(Duration delay, Duration jitter) {
        toServer.delay(delay, jitter);
        toClient.delay(delay, jitter);
    }

    /** Limits each direction of each connection; 0 is no limit. */
    public void bandwidth(long bytesPerSecond) {
        toServer.bandwidth(bytesPerSecond);
        toClient.bandwidth(bytesPerSecond);
    }

    /** Stops forwarding in this direction and keeps the connections open. */
    public void stall(TrafficDirection direction) {
        faults(direction).stall(true);
    }

    /** Forwards again in this direction, beginning with the bytes held back. */
    public void flow(TrafficDirection direction) {
        faults(direction).stall(false);
    }

    /** Resets one connection after this number of further bytes, for example within a frame. */
    public void cutAfter(TrafficDirection direction, long bytes) {
        faults(direction).cutAfter(bytes);
    }

    /** Ends all connections with RST, as the kernel of a crashed peer does. */
    public void reset() {
        links.forEach(ProxiedConnection::reset);
    }

    /** Ends all connections with FIN, as an exiting peer does. */
    public void finish() {
        links.forEach(ProxiedConnection::finish);
    }

    /** Refuses new connections; open connections continue. */
    public synchronized void refuse() {
        closeListener();
    }

    /** Accepts new connections again, on the same port. */
    public synchronized void accept() {
        if (listener.socket().isClosed()) {
            listener = listen();
        }
    }

    /** The number of open connections. */
    public int connections() {
        return links.size();
    }

    /** Refuses new connections and resets the open ones. */
    @Override
    public synchronized void close() {
        closeListener();
        reset();
    }

    private ProxyFaults faults(TrafficDirection direction) {
        return switch (direction) {
            case TO_SERVER -> toServer;
            case TO_CLIENT -> toClient;
        };
    }

    private Listener listen() {
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host()), port), BACKLOG);
            Thread acceptor =
                    Thread.ofVirtual()
                            .name("fault-proxy-accept")
                            .unstarted(() -> acceptAll(socket));
            acceptor.start();
            return new Listener(socket, acceptor);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void closeListener() {
        try {
            listener.socket().close();
            // the port stays open until accept() has returned
            listener.acceptor().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw ServerFailure.interrupted(e);
        }
    }

    private void acceptAll(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().name("fault-proxy-link").start(() -> connect(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void connect(Socket client) {
        var server = new Socket();
        try {
            server.connect(target, CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException unreachable) {
            // the client sees a reset, as from a target that dies during the connect
            ProxiedConnection.closeAll(List.of(client, server), true);
            return;
        }
        var link = new ProxiedConnection(client, server, links::remove);
        links.add(link);
        link.start(toServer, toClient);
    }
}
