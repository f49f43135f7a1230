package loom.dispatch.broker.connection;

import com.rabbitmq.client.Connection;

import java.io.IOException;

/** A user of a connection that gets a new channel after each reconnect. */
public interface ChannelUser {

    /** Returns its name in logs. */
    String name();

    /**
     * Opens channels on the connection and publishes unconfirmed messages again. The connection's
     * supervisor calls it.
     *
     * @return the number of messages that were published again
     */
    int attach(Connection connection) throws IOException;

    /** Learns that the connection has ended. The connection's supervisor calls it. */
    void detach();

    /** Returns whether it has its channels. */
    boolean attached();

    /** Returns whether RabbitMQ has confirmed or delivered anything since the latest attach. */
    boolean progressed();

    /**
     * Stops and continues publishing, when a memory or disk alarm begins and ends. A reading thread
     * of the AMQP client calls it.
     */
    void pause(boolean wanted);

    /** Ends every wait. It accepts nothing afterwards. */
    void close();
}
