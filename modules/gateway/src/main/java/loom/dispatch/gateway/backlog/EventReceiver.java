package loom.dispatch.gateway.backlog;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.DispatchEvent;
import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.protocol.MalformedFrameException;
import loom.dispatch.gateway.protocol.MessageEnvelope;

import java.util.Arrays;
import java.util.Optional;

/**
 * Tracks a shard's session and received sequence, and adds its events to the backlog. Owner: the
 * shard's thread.
 *
 * <p>Heartbeats, and a RESUME within this process, use the received sequence. A new process resumes
 * from {@link Backlog#settled}.
 */
public final class EventReceiver {
    private final int shard;
    private final Backlog backlog;
    private final ShardStats stats;
    private Optional<Session> session;
    private Optional<Checkpoint> lost = Optional.empty();
    private long received;
    private long positions;

    public EventReceiver(int shard, Optional<Checkpoint> start, Backlog backlog, ShardStats stats) {
        this.shard = shard;
        this.backlog = backlog;
        this.stats = stats;
        session = start.map(Checkpoint::session);
        received = start.map(Checkpoint::sequence).orElse(0L);
        stats.sequence(received);
    }

    public Optional<Session> session() {
        return session;
    }

    public long received() {
        return received;
    }

    /**
     * Starts a new session. If an earlier session was lost, the backlog gets a gap event first.
     *
     * <p>A READY of the present session changes nothing: Discord sends it again after a RESUME from
     * sequence 0.
     */
    public void beginSession(Session started) {
        if (session.filter(known -> known.id().equals(started.id())).isPresent()) {
            return;
        }
        forgetSession();
        if (lost.isPresent()) {
            backlog.add(
                    SessionGapEvent.event(
                            ++positions, shard, lost.get(), started, System.nanoTime()));
        } else {
            backlog.beginFirstSession(started);
        }
        lost = Optional.empty();
        session = Optional.of(started);
    }

    /**
     * Returns whether READY of the present session is still missing. Without it consumers cannot
     * use the other events.
     */
    public boolean awaitsReady() {
        return session.isPresent() && received == 0;
    }

    public void forgetSession() {
        session.ifPresent(ended -> lost = Optional.of(new Checkpoint(ended, received)));
        session = Optional.empty();
        received = 0;
        stats.sequence(0);
    }

    /**
     * Adds an event of the session to the backlog.
     *
     * @param replayed whether the event comes in the replay after RESUME
     */
    public void receive(byte[] message, MessageEnvelope envelope, boolean replayed)
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
        stats.event(received, positions, now);
    }
}
