package loom.dispatch.gateway.outbound;

import loom.dispatch.gateway.limits.SendBudget;

/** Sends frames on one connection to Discord. Used by the shard's thread. */
public interface FrameSender {

    /** Returns whether no frame is being sent and none waits to be sent. */
    boolean idle();

    /** Returns the budget of the connection within Discord's limit. */
    SendBudget budget();

    /**
     * Sends a frame after the frames before it.
     *
     * @param text the frame's JSON
     * @param sent runs when the frame has been written to the socket
     */
    void send(String text, Runnable sent);
}
