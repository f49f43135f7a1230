package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.SessionLedger;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.world.IdentifyRequest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A gateway session: a bounded, append-only log of events that outlives its connections. A
 * connection reads the log with a cursor, so replay and live events use the same code. A slow
 * client never delays the thread that appends. Its own monitor guards it: the gateway appends under
 * its lock, and the connection's writer reads.
 */
public final class GatewaySession {
    /** One event with its sequence. {@code d} is never changed. */
    record Event(int sequence, String type, byte[] d) {}

    private final IdentifyRequest identity;
    private final SessionLedger ledger;
    private final int replayEvents;
    private final int backlogEvents;

    private Event[] ring = new Event[64];
    private int first = 1;
    private int last;
    private int position;
    private boolean ended;
    private Optional<ConnectionWriter> connection = Optional.empty();
    private long detachedNanos;

    GatewaySession(IdentifyRequest identity, SessionLedger ledger, SimulatorConfig config) {
        this.identity = identity;
        this.ledger = ledger;
        this.replayEvents = config.replayEvents();
        this.backlogEvents = config.backlogEvents();
    }

    String id() {
        return ledger.id();
    }

    public IdentifyRequest identity() {
        return identity;
    }

    /** Appends an event, assigns the next sequence and wakes the connection. */
    public void append(String type, byte[] d) {
        CRC32 crc = new CRC32();
        crc.update(d);
        Optional<ConnectionWriter> reader;
        synchronized (this) {
            if (ended) {
                return;
            }
            last++;
            ledger.record(type, (int) crc.getValue(), System.nanoTime());
            put(new Event(last, type, d));
            evict();
            reader = connection;
        }
        reader.ifPresent(ConnectionWriter::wake);
    }

    private void put(Event event) {
        int size = last - first;
        if (size == ring.length) {
            Event[] bigger = new Event[ring.length * 2];
            for (int s = first; s < last; s++) {
                bigger[s & bigger.length - 1] = ring[s & ring.length - 1];
            }
            ring = bigger;
        }
        ring[event.sequence() & ring.length - 1] = event;
    }

    /**
     * Drops old events. Sent events stay for a RESUME; unsent ones stay while a connection can take
     * them.
     */
    private void evict() {
        while (last - first + 1 > replayEvents && (connection.isEmpty() || first <= position)) {
            ring[first & ring.length - 1] = null;
            first++;
        }
        if (last - first + 1 > backlogEvents) {
            connection.ifPresent(ConnectionWriter::cut);
            end();
        }
    }

    /** Returns the events after {@code sequence}, at most {@code max}. */
    synchronized List<Event> after(int sequence, int max) {
        int from = Math.max(sequence + 1, first);
        int to = Math.min(last, from + max - 1);
        List<Event> events = new ArrayList<>(Math.max(0, to - from + 1));
        for (int s = from; s <= to; s++) {
            events.add(ring[s & ring.length - 1]);
        }
        return events;
    }

    /** Records that the connection wrote the events up to {@code sequence}. */
    synchronized void sent(ConnectionWriter by, int sequence) {
        if (connection.filter(current -> current == by).isPresent()) {
            position = sequence;
        }
        ledger.sent(sequence);
    }

    synchronized int last() {
        return last;
    }

    synchronized boolean canReplayAfter(long sequence) {
        return !ended && sequence >= first - 1;
    }

    /** Returns {@code sequence}, or a later one if the events after it were dropped. */
    synchronized int earliestAfter(int sequence) {
        return Math.max(sequence, first - 1);
    }

    synchronized boolean ended() {
        return ended;
    }

    public synchronized Optional<ConnectionWriter> connection() {
        return connection;
    }

    /** Attaches a connection that takes the events after {@code sequence}. */
    synchronized void attach(ConnectionWriter next, int sequence) {
        connection = Optional.of(next);
        position = sequence;
    }

    /**
     * Detaches a closed connection. It has no effect if a later connection took the session over.
     */
    synchronized void detach(ConnectionWriter old) {
        if (connection.filter(current -> current == old).isPresent()) {
            connection = Optional.empty();
            detachedNanos = System.nanoTime();
        }
    }

    void resumed() {
        ledger.resumed();
    }

    void superseded() {
        ledger.superseded();
    }

    synchronized boolean expired(long lifetimeNanos) {
        return connection.isEmpty() && System.nanoTime() - detachedNanos > lifetimeNanos;
    }

    /** Ends the session: no RESUME succeeds and no event is appended any more. */
    synchronized void end() {
        ended = true;
        ledger.ended();
        Arrays.fill(ring, null);
        first = last + 1;
    }
}
