package loom.dispatch.cache.redis;

import redis.clients.jedis.exceptions.JedisConnectionException;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Adapts a Unix domain socket to the {@link Socket} that Jedis requires. The JDK's channel has no
 * read timeout, so a timer closes the channel when a read takes too long.
 */
final class UnixDomainSocket extends Socket {
    private final SocketChannel channel;
    private final InputStream input;
    private final OutputStream output;
    private volatile int timeoutMillis;

    private UnixDomainSocket(SocketChannel channel) {
        this.channel = channel;
        this.input = new Input(Channels.newInputStream(channel));
        this.output = Channels.newOutputStream(channel);
    }

    static Socket connected(Path path, Duration readTimeout) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                var socket = new UnixDomainSocket(channel);
                socket.timeoutMillis = (int) readTimeout.toMillis();
                return socket;
            } catch (IOException failure) {
                channel.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new JedisConnectionException("cannot connect to " + path, failure);
        }
    }

    @Override
    public InputStream getInputStream() {
        return input;
    }

    @Override
    public OutputStream getOutputStream() {
        return output;
    }

    @Override
    public boolean isConnected() {
        return channel.isConnected();
    }

    @Override
    public boolean isBound() {
        return channel.isConnected();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return !channel.isOpen();
    }

    @Override
    public boolean isOutputShutdown() {
        return !channel.isOpen();
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        if (millis < 0) {
            throw new SocketException("a negative timeout: " + millis);
        }
        timeoutMillis = millis;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Ends each read after the timeout set by {@link #setSoTimeout}. */
    private final class Input extends FilterInputStream {
        Input(InputStream unlimited) {
            super(unlimited);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int limit = timeoutMillis;
            if (limit == 0) {
                return in.read(into, from, length);
            }
            var read = new CompletableFuture<Void>();
            read.orTimeout(limit, TimeUnit.MILLISECONDS).exceptionally(_ -> cut());
            try {
                int count = in.read(into, from, length);
                if (read.complete(null)) {
                    return count;
                }
            } catch (AsynchronousCloseException closed) {
                if (read.complete(null)) {
                    throw closed;
                }
            } finally {
                read.complete(null);
            }
            throw new SocketTimeoutException("Read timed out");
        }
    }

    private Void cut() {
        try {
            channel.close();
        } catch (IOException closedAlready) {
            // the channel is closed already
        }
        return null;
    }
}
