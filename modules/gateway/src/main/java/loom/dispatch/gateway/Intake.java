package loom.dispatch.gateway;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a shard has received: its session and how far it came in it. Puts events into the backlog.
 * Owner: the shard's thread.
 *
 * <p>{@code received} is the last sequence taken from the socket: heartbeats and RESUME inside this
 * process use it. What a new process resumes from is {@link Backlog#settled}.
 */
final class Intake {
    private final int shard;
    private final Backlog backlog;
    private final Vitals vitals;
    private Optional<Session> session;
    private Optional<Checkpoint> lost = Optional.empty();
    private long received;
    private long positions;

    Intake(int shard, Optional<Checkpoint> start, Backlog backlog, Vitals vitals) {
        this.shard = shard;
        this.backlog = backlog;
        this.vitals = vitals;
        session = start.map(Checkpoint::session);
        received = start.map(Checkpoint::sequence).orElse(0L);
        vitals.sequence(received);
    }

    Optional<Session> session() {
        return session;
    }

    long received() {
        return received;
    }

    /**
     * A new session; if one was lost before it, consumers hear of the gap first. The READY of the
     * session that we have already begins nothing: a resume from 0 brings it again.
     */
    void begin(Session begun) {
        if (session.filter(known -> known.id().equals(begun.id())).isPresent()) {
            return;
        }
        forgetSession();
        if (lost.isPresent()) {
            backlog.add(Gap.event(++positions, shard, lost.get(), begun, System.nanoTime()));
        } else {
            backlog.begin(begun);
        }
        lost = Optional.empty();
        session = Optional.of(begun);
    }

    /** Whether the session's READY is still to come: without it nobody can work with the rest. */
    boolean awaitsReady() {
        return session.isPresent() && received == 0;
    }

    void forgetSession() {
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
    void take(byte[] message, Envelope envelope, boolean replayed) throws MalformedFrameException {
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
