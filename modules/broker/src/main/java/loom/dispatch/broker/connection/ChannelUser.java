package loom.dispatch.broker.connection;

import com.rabbitmq.client.Connection;

import java.io.IOException;

/** What rides on an uplink's connection and must be attached anew after each loss. */
public interface ChannelUser {

    /** What it is called in logs. */
    String name();

    /**
     * Supervisor: begins an epoch on new channels of the connection, and repeats on it what was not
     * confirmed.
     *
     * @return how many messages were repeated
     */
    int attach(Connection connection) throws IOException;

    /** Supervisor: the connection is gone. */
    void detach();

    /** Whether it has its channels. */
    boolean attached();

    /** Whether anything was achieved since the latest epoch began. */
    boolean progressed();

    /** Reading thread: a memory or disk alarm begins or ends. */
    void pause(boolean wanted);

    /** Ends every wait; nothing is taken any more. */
    void close();
}
