package loom.dispatch.broker.connection;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Holds what the connections of one process learn from each other: whether RabbitMQ has accepted
 * one of them, and that it accepts connections now. Safe for use by any thread.
 */
public final class ConnectionGroup {
    private final List<RabbitConnection> members = new CopyOnWriteArrayList<>();
    private volatile boolean accepted;

    void add(RabbitConnection member) {
        members.add(member);
    }

    /** Returns whether RabbitMQ has ever accepted a connection of the process. */
    boolean isAccepted() {
        return accepted;
    }

    /** Wakes the other connections: those that wait try again at once. */
    void accepted(RabbitConnection opened) {
        accepted = true;
        for (RabbitConnection member : members) {
            if (member != opened) {
                member.otherAccepted();
            }
        }
    }
}
