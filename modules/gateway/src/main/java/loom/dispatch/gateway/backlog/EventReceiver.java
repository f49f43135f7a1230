package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.protocol.MalformedFrameException;
import loom.dispatch.gateway.protocol.MessageEnvelope;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a shard has received: its session and how far it came in it. Puts events into the backlog.
 * Owner: the shard's thread.
 *
 * <p>{@code received} is the last sequence taken from the socket: heartbeats and RESUME inside this
 * process use it. What a new process resumes from is {@link Backlog#settled}.
 */
public final class EventReceiver {
    private final int shard;
    private final Backlog backlog;
    private final ShardStats vitals;
    private Optional<Session> session;
    private Optional<Checkpoint> lost = Optional.empty();
    private long received;
    private long positions;

    public EventReceiver(
            int shard, Optional<Checkpoint> start, Backlog backlog, ShardStats vitals) {
        this.shard = shard;
        this.backlog = backlog;
        this.vitals = vitals;
        session = start.map(Checkpoint::session);
        received = start.map(Checkpoint::sequence).orElse(0L);
        vitals.sequence(received);
    }

    public Optional<Session> session() {
        return session;
    }

    public long received() {
        return received;
    }

    /**
     * A new session; if one was lost before it, consumers hear of the gap first. The READY of the
     * session that we have already begins nothing: a resume from 0 brings it again.
     */
    public void begin(Session begun) {
        if (session.filter(known -> known.id().equals(begun.id())).isPresent()) {
            return;
        }
        forgetSession();
        if (lost.isPresent()) {
            backlog.add(
                    SessionGapEvent.event(
                            ++positions, shard, lost.get(), begun, System.nanoTime()));
        } else {
            backlog.begin(begun);
        }
        lost = Optional.empty();
        session = Optional.of(begun);
    }

    /** Whether the session's READY is still to come: without it nobody can work with the rest. */
    public boolean awaitsReady() {
        return session.isPresent() && received == 0;
    }

    public void forgetSession() {
        session.ifPresent(gone -> lost = Optional.of(new Checkpoint(gone, received)));
        session = Optional.empty();
        received = 0;
        vitals.sequence(0);
    }

    /**
     * Takes an event of the session.
     *
     * @param replayed whether it comes in the replay after a RESUME
     */
    public void take(byte[] message, MessageEnvelope envelope, boolean replayed)
            throws MalformedFrameException {
        if (session.isEmpty()) {
            throw new MalformedFrameException(envelope.type() + " before READY");
        }
        received = envelope.sequence();
        long now = System.nanoTime();
        byte[] data = Arrays.copyOfRange(message, envelope.dataStart(), envelope.dataEnd());
        backlog.add(
                new DispatchEvent(
                        ++positions,
                        shard,
                        session.get(),
                        received,
                        envelope.type(),
                        envelope.guildId(),
                        data,
                        now,
                        replayed));
        vitals.event(received, positions, now);
    }
}
