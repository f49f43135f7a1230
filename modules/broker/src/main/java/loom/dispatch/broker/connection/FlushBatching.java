package loom.dispatch.broker.connection;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.WriteListener;
import com.rabbitmq.client.impl.AMQConnection;
import com.rabbitmq.client.impl.FrameHandler;
import com.rabbitmq.client.impl.FrameHandlerFactory;
import com.rabbitmq.client.impl.SocketFrameHandler;
import com.rabbitmq.client.impl.SocketFrameHandlerFactory;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.ExecutorService;

/**
 * Joins the flushes of messages that are written together. The client flushes its buffer after each
 * publish, which is a system call a message, here and at the broker; a run of messages needs one
 * for each buffer that it fills.
 *
 * <p>Only the thread that writes the run leaves flushes out: heartbeats, and what others write
 * meanwhile, go at once, and take with them what is in the buffer. See docs/adr/0011.
 */
public final class FlushBatching {
    private static final ScopedValue<Boolean> JOINING = ScopedValue.newInstance();

    /** The client's own default, which it gives to its own factory alone. */
    private static final int MOST_INBOUND_BYTES = 64 << 20;

    private FlushBatching() {}

    /** Writes to a channel. */
    public interface Writing {
        void run() throws IOException;
    }

    /** Does the writing, whose flushes are joined into one at its end. */
    public static void during(Connection connection, Writing writing) throws IOException {
        ScopedValue.where(JOINING, true)
                .call(() -> {
                    writing.run();
                    return true;
                });
        if (connection instanceof AMQConnection open) {
            open.flush();
        }
    }

    /** Makes connections whose flushes can be joined. */
    static ConnectionFactory factory(ExecutorService tasks) {
        return new ConnectionFactory() {
            @Override
            protected FrameHandlerFactory createFrameHandlerFactory() {
                return new Sockets(this, tasks);
            }
        };
    }

    private static final class Sockets extends SocketFrameHandlerFactory {
        private final ExecutorService tasks;

        Sockets(ConnectionFactory factory, ExecutorService tasks) {
            super(
                    factory.getConnectionTimeout(),
                    factory.getSocketFactory(),
                    factory.getSocketConfigurator(),
                    factory.isSSL(),
                    tasks,
                    null, // with TLS the socket factory above is the context's
                    MOST_INBOUND_BYTES);
            this.tasks = tasks;
        }

        @Override
        public FrameHandler create(Socket socket) throws IOException {
            return new JoiningFrameHandler(socket, tasks, frameMax);
        }
    }

    private static final class JoiningFrameHandler extends SocketFrameHandler {
        JoiningFrameHandler(Socket socket, ExecutorService tasks, int frameMax) throws IOException {
            super(socket, tasks, frameMax);
        }

        @Override
        public void flush(WriteListener listener) throws IOException {
            if (!JOINING.isBound()) {
                super.flush(listener);
            }
        }
    }
}
