package loom.dispatch.simulator.gateway;

import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts accepted connections that have not received HELLO, have not closed and have not sent a
 * REST request. Thread-safe. It holds a socket for each.
 */
public final class OpenHandshakes {
    private final Set<Socket> pending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();

    public void began(Socket socket) {
        pending.add(socket);
        most.accumulateAndGet(pending.size(), Math::max);
    }

    /**
     * Removes a connection. Call it before the client can see the change, so that the client's next
     * connection does not count twice.
     */
    public void ended(Socket socket) {
        pending.remove(socket);
    }

    /** Returns the highest count so far. */
    public int most() {
        return most.get();
    }
}
