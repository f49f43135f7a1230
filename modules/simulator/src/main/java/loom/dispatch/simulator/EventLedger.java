package loom.dispatch.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Records what the simulator dispatched. For each event of a session it keeps the sequence, the
 * type, the time and the CRC32 of the exact {@code d} bytes. Thread-safe. {@link LedgerCheck}
 * compares it with what a consumer received.
 */
public final class EventLedger {
    /**
     * A snapshot of one session.
     *
     * @param dispatched events so far; the last sequence
     * @param sent highest sequence that was written to a connection
     * @param resumed true if a RESUME of the session ever succeeded
     * @param ended true if the session can no longer be resumed
     * @param superseded true if the same shard started a later session
     */
    public record SessionView(
            String id,
            int shard,
            int dispatched,
            int sent,
            boolean resumed,
            boolean ended,
            boolean superseded) {}

    private final List<SessionLedger> inOrder = new CopyOnWriteArrayList<>();
    private final Map<String, SessionLedger> byId = new ConcurrentHashMap<>();

    EventLedger() {}

    /**
     * Records a new session. The caller holds the gateway's lock, so ordinals follow the order of
     * the READYs.
     */
    public SessionLedger open(String id, int shard) {
        SessionLedger session = new SessionLedger(id, shard, inOrder.size());
        byId.put(id, session);
        inOrder.add(session);
        return session;
    }

    Optional<SessionLedger> session(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<SessionLedger> all() {
        return inOrder;
    }

    /** Returns the number of events dispatched to all sessions, READY and RESUMED included. */
    public long dispatched() {
        return inOrder.stream().mapToLong(SessionLedger::last).sum();
    }

    /** Returns all sessions, oldest first. */
    public List<SessionView> sessions() {
        return inOrder.stream().map(SessionLedger::view).toList();
    }
}
