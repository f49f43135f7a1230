package loom.dispatch.simulator;

import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the connections that are being opened: accepted, and neither told HELLO nor closed nor
 * used for a request. Thread-safe; holds a socket for each of them.
 */
final class Handshakes {
    private final Set<Socket> pending = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();

    void began(Socket socket) {
        pending.add(socket);
        most.accumulateAndGet(pending.size(), Math::max);
    }

    /** Before the client can know of it, or its next connection would count beside this one. */
    void ended(Socket socket) {
        pending.remove(socket);
    }

    /** The most at a time that there ever were. */
    int most() {
        return most.get();
    }
}
