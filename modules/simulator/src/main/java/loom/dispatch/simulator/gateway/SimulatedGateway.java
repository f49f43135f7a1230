package loom.dispatch.simulator.gateway;

import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.EventLedger;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.FaultState;
import loom.dispatch.simulator.wire.GatewayCloseCode;
import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.IdentifyRequest;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;
import loom.dispatch.simulator.world.World;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Owns the sessions and the world. One lock guards both: the events of a session have the order of
 * the world's changes, and a GUILD_CREATE is a consistent snapshot. No thread does socket I/O under
 * the lock.
 */
public final class SimulatedGateway {
    /** The result of an IDENTIFY or RESUME. */
    sealed interface Outcome {
        record Accepted() implements Outcome {}

        record Closed(GatewayCloseCode code) implements Outcome {}

        /** Op 9 {@code false}. {@code late} adds a random delay. */
        record Invalid(boolean late) implements Outcome {}
    }

    /** The most guilds of one session (section 1.7). */
    private static final int MAX_GUILDS = 2_500;

    private final ReentrantLock lock = new ReentrantLock();
    private final SimulatorConfig config;
    private final EventLedger ledger;
    private final ClientActionRecorder recorder;
    private final FaultState faults;
    private final IdentifyLimits identifyLimits;
    private final World world;
    private final Map<String, GatewaySession> sessions = new LinkedHashMap<>();
    private final List<ConnectionWriter> connections = new ArrayList<>();
    private boolean tokenRevoked;
    private String resumeUrl = "";

    public SimulatedGateway(
            SimulatorConfig config,
            World world,
            EventLedger ledger,
            ClientActionRecorder recorder,
            FaultState faults) {
        this.config = config;
        this.world = world;
        this.ledger = ledger;
        this.recorder = recorder;
        this.faults = faults;
        this.identifyLimits = new IdentifyLimits(config);
    }

    public void resumeUrl(String url) {
        resumeUrl = url;
    }

    /** Runs {@code action} under the lock: world and sessions do not change meanwhile. */
    public <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code action} under the lock. */
    public void change(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    public World world() {
        return world;
    }

    public boolean accepts(String token) {
        String bare = token.startsWith("Bot ") ? token.substring(4) : token;
        return locked(() -> !tokenRevoked && bare.equals(config.token()));
    }

    public int startsRemaining() {
        return locked(identifyLimits::remaining);
    }

    public void startsRemaining(int starts) {
        change(() -> {
            identifyLimits.remaining(starts);
        });
    }

    /** Handles an IDENTIFY whose syntax, token, intents and shard are valid. */
    Outcome identify(ConnectionWriter connection, IdentifyRequest identity) {
        return locked(() -> {
            long now = System.nanoTime();
            IdentifyLimits.Verdict verdict = identifyLimits.enter(identity.shard(), now);
            recorder.identify(
                    new ClientActionRecorder.Identify(
                            connection.record().number(),
                            identity.shard(),
                            identity.count(),
                            identifyLimits.key(identity.shard()),
                            verdict == IdentifyLimits.Verdict.ACCEPTED,
                            now));
            return switch (verdict) {
                case TOO_SOON -> new Outcome.Invalid(true);
                case USED_UP -> revokeToken();
                case ACCEPTED -> start(connection, identity);
            };
        });
    }

    private Outcome start(ConnectionWriter connection, IdentifyRequest identity) {
        List<Guild> guilds = world.guilds().stream().filter(g -> identity.owns(g.id())).toList();
        if (guilds.size() > MAX_GUILDS) {
            return new Outcome.Closed(GatewayCloseCode.SHARDING_REQUIRED);
        }
        byte[] id = new byte[16];
        // Not from the seed: a client may still hold a session of an earlier run.
        ThreadLocalRandom.current().nextBytes(id);
        String sessionId = HexFormat.of().formatHex(id);
        sessions.values().stream()
                .filter(s -> s.identity().shard() == identity.shard())
                .filter(s -> s.identity().count() == identity.count())
                .filter(s -> s.connection().isEmpty())
                .forEach(GatewaySession::superseded);
        GatewaySession session =
                new GatewaySession(identity, ledger.open(sessionId, identity.shard()), config);
        sessions.put(sessionId, session);
        session.attach(connection, 0);
        ReadySequence readySequence = readySequence();
        session.append("READY", readySequence.ready(session, guilds));
        if (IntentBits.GUILDS.in(identity.intents())) {
            guilds.forEach(guild -> readySequence.start(session, guild));
        }
        connection.attachSession(session, 0);
        return new Outcome.Accepted();
    }

    private ReadySequence readySequence() {
        return new ReadySequence(world, config, faults, resumeUrl);
    }

    /** Ends every session and revokes the token: the daily limit is exceeded (section 1.7). */
    private Outcome revokeToken() {
        tokenRevoked = true;
        connections.forEach(connection -> connection.close(GatewayCloseCode.NOT_AUTHENTICATED));
        sessions.values().forEach(GatewaySession::end);
        sessions.clear();
        return new Outcome.Closed(GatewayCloseCode.NOT_AUTHENTICATED);
    }

    /** Handles a RESUME whose token is valid. */
    Outcome resume(ConnectionWriter connection, String sessionId, long sequence) {
        return locked(() -> {
            Optional<GatewaySession> found = Optional.ofNullable(sessions.get(sessionId));
            Outcome outcome =
                    found.map(session -> resume(connection, session, sequence))
                            .orElse(new Outcome.Invalid(false));
            boolean accepted = outcome instanceof Outcome.Accepted;
            recorder.resume(
                    new ClientActionRecorder.Resume(
                            connection.record().number(),
                            found.map(s -> s.identity().shard()).orElse(-1),
                            sessionId,
                            sequence,
                            accepted,
                            accepted ? (int) (found.get().last() - sequence - 1) : 0,
                            System.nanoTime()));
            return outcome;
        });
    }

    private Outcome resume(ConnectionWriter connection, GatewaySession session, long sequence) {
        if (sequence > session.last()) {
            end(session);
            return new Outcome.Closed(GatewayCloseCode.INVALID_SEQUENCE);
        }
        if (session.expired(config.sessionLifetime().toNanos())
                || !session.canReplayAfter(sequence)) {
            end(session);
            return new Outcome.Invalid(false);
        }
        session.connection()
                .filter(old -> old != connection)
                .ifPresent(old -> {
                    old.detachSession();
                    old.close(GatewayCloseCode.UNKNOWN_ERROR);
                });
        connection.record().belongsTo(session.identity().shard());
        int from = session.earliestAfter((int) sequence - faults.replayedAgain);
        session.attach(connection, from);
        session.resumed();
        session.append("RESUMED", Json.bytes(Json.of("_trace", List.of("[\"gateway-sim\",{}]"))));
        connection.attachSession(session, from);
        return new Outcome.Accepted();
    }

    private void end(GatewaySession session) {
        session.end();
        sessions.remove(session.id());
    }

    void opened(ConnectionWriter connection) {
        change(() -> connections.add(connection));
    }

    /** Handles a closed socket. {@code ends} is true if the client closed with 1000 or 1001. */
    void closed(ConnectionWriter connection, boolean ends) {
        change(() -> {
            connections.remove(connection);
            for (GatewaySession session : List.copyOf(sessions.values())) {
                boolean attachedHere = session.connection().filter(connection::equals).isPresent();
                if (attachedHere && ends) {
                    end(session);
                } else if (attachedHere) {
                    session.detach(connection);
                    if (hasSuccessor(session)) {
                        session.superseded();
                    }
                }
            }
        });
    }

    private boolean hasSuccessor(GatewaySession session) {
        IdentifyRequest identity = session.identity();
        return sessions.values().stream()
                .dropWhile(other -> other != session)
                .skip(1)
                .map(GatewaySession::identity)
                .anyMatch(o -> o.shard() == identity.shard() && o.count() == identity.count());
    }

    /** Sends op 9 and detaches the session; ends it if not {@code resumable}. */
    public void invalidate(ConnectionWriter connection, boolean resumable) {
        change(() -> {
            connection
                    .detachSession()
                    .ifPresent(session -> {
                        session.detach(connection);
                        if (!resumable) {
                            end(session);
                        }
                    });
            connection.send(GatewayOpcode.INVALID_SESSION, resumable);
        });
    }

    /** Ends every session of these shards without a message. */
    public void dropSessions(IntPredicate shards) {
        change(() -> {
            for (GatewaySession session : List.copyOf(sessions.values())) {
                if (shards.test(session.identity().shard())) {
                    end(session);
                }
            }
        });
    }

    /** Ends sessions whose lifetime without a connection has passed. */
    void sweep() {
        long lifetimeNanos = config.sessionLifetime().toNanos();
        change(() -> {
            Iterator<GatewaySession> each = sessions.values().iterator();
            while (each.hasNext()) {
                GatewaySession session = each.next();
                if (session.ended() || session.expired(lifetimeNanos)) {
                    session.end();
                    each.remove();
                }
            }
        });
    }

    /** Returns the sessions that can get events now. */
    public List<GatewaySession> sessions() {
        return locked(() -> List.copyOf(sessions.values()));
    }

    public List<ConnectionWriter> connections() {
        return locked(() -> List.copyOf(connections));
    }

    /** Appends an event to every session that owns its guild and has its intent. */
    public void dispatch(EventDispatch event) {
        change(() -> {
            for (GatewaySession session : sessions.values()) {
                IdentifyRequest identity = session.identity();
                if (identity.owns(event.guildId())) {
                    event.bytesFor(identity, config.botId())
                            .ifPresent(d -> session.append(event.type(), d));
                }
            }
        });
    }

    /** Dispatches GUILD_CREATE for a new guild or after an outage. */
    public void announce(Guild guild) {
        change(() -> {
            ReadySequence readySequence = readySequence();
            for (GatewaySession session : sessions.values()) {
                IdentifyRequest identity = session.identity();
                if (identity.owns(guild.id()) && IntentBits.GUILDS.in(identity.intents())) {
                    session.append("GUILD_CREATE", readySequence.create(guild, identity));
                }
            }
        });
    }
}
