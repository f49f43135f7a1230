package loom.dispatch.simulator.gateway;

import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the connections that are being opened: accepted, and neither told HELLO nor closed nor
 * used for a request. Thread-safe; holds a socket for each of them.
 */
public final class OpenHandshakes {
    private final Set<Socket> pending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();

    public void began(Socket socket) {
        pending.add(socket);
        most.accumulateAndGet(pending.size(), Math::max);
    }

    /** Before the client can know of it, or its next connection would count beside this one. */
    public void ended(Socket socket) {
        pending.remove(socket);
    }

    /** The most at a time that there ever were. */
    public int most() {
        return most.get();
    }
}
