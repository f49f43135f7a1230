package loom.dispatch.broker.connection;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.ExceptionHandler;
import com.rabbitmq.client.TopologyRecoveryException;

import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.runtime.EventLog;

/**
 * What the client library does with exceptions on its own threads; stateless.
 *
 * <p>A connection that breaks is no fault: its end is announced as {@link
 * BrokerEvent.Disconnected}. A callback that throws is a fault of ours. It is logged, and its
 * connection ended, by a thread that may wait: what was not confirmed is then published again, and
 * what was not acknowledged delivered again.
 */
final class ClientExceptionHandler implements ExceptionHandler {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    @Override
    public void handleUnexpectedConnectionDriverException(Connection connection, Throwable cause) {
        LOG.write(BrokerLogEvents.CONNECTION_FAILED, cause.getMessage());
    }

    @Override
    public void handleReturnListenerException(Channel channel, Throwable fault) {
        end(channel.getConnection(), "return", fault);
    }

    @Override
    public void handleConfirmListenerException(Channel channel, Throwable fault) {
        end(channel.getConnection(), "confirm", fault);
    }

    @Override
    public void handleConsumerException(
            Channel channel, Throwable fault, Consumer consumer, String tag, String method) {
        end(channel.getConnection(), method, fault);
    }

    @Override
    public void handleBlockedListenerException(Connection connection, Throwable fault) {
        end(connection, "blocked", fault);
    }

    @Override
    public void handleConnectionRecoveryException(Connection connection, Throwable fault) {
        end(connection, "recovery", fault);
    }

    @Override
    public void handleChannelRecoveryException(Channel channel, Throwable fault) {
        end(channel.getConnection(), "recovery", fault);
    }

    @Override
    public void handleTopologyRecoveryException(
            Connection connection, Channel channel, TopologyRecoveryException fault) {
        end(connection, "topology recovery", fault);
    }

    private static void end(Connection connection, String callback, Throwable fault) {
        LOG.write(BrokerLogEvents.CALLBACK_FAILED.with(callback).causedBy(fault));
        Thread.startVirtualThread(connection::abort);
    }
}
