package loom.dispatch.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What the simulator dispatched: per session every event with its sequence, type, CRC32 of the
 * exact {@code d} bytes and time. Thread-safe; compare with what arrived by {@link LedgerCheck}.
 */
public final class EventLedger {
    /**
     * One session as the ledger sees it.
     *
     * @param dispatched events so far; the last sequence
     * @param sent highest sequence that was written to a connection
     * @param resumed whether a RESUME of it ever succeeded
     * @param ended whether it can't be resumed any more
     * @param superseded whether the same shard started a later session
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

    /** Called under the city's lock, so that ordinals follow the order of READYs. */
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

    /** Events dispatched to all sessions so far, READY and RESUMED included. */
    public long dispatched() {
        return inOrder.stream().mapToLong(SessionLedger::last).sum();
    }

    /** All sessions, oldest first. */
    public List<SessionView> sessions() {
        return inOrder.stream().map(SessionLedger::view).toList();
    }
}
