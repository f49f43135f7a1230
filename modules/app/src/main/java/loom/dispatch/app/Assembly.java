package loom.dispatch.app;

import static java.lang.System.Logger.Level.INFO;

import loom.dispatch.cache.GatewayNote;
import loom.dispatch.cache.GuildChange;
import loom.dispatch.cache.IdentifyLedger;
import loom.dispatch.cache.IdentifyTerms;
import loom.dispatch.cache.SessionStore;
import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.StatusBoard;
import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.metrics.Check;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a running service, joined: the shards, the way of their events, and those who write
 * down how far they are. Started once and drained once, by the main thread.
 */
final class Assembly {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.service");

    /**
     * The longest honest round of a loop: an exchange with a cluster of Redis whose nodes are all
     * frozen, 14 s for each that it asks before it gives up; a shard's is the largest message, a
     * second or two.
     */
    private static final Duration HANGS = Duration.ofMinutes(1);

    private final Peers peers;
    private final Telemetry telemetry;
    private final Gateway gateway;
    private final StateWatch state;
    private final Checkpoints checkpoints;
    private final Statuses statuses;
    private final EventFlow flow;
    private final SessionStarts identifies;
    private final List<Thread> writers = new ArrayList<>();

    private Assembly(
            Settings settings,
            Peers peers,
            Map<Integer, Checkpoint> saved,
            SessionStore store,
            StatusBoard board,
            SessionStarts identifies,
            LeaseKeeper lease,
            Telemetry telemetry,
            Lifetime lifetime)
            throws StartFailure {
        this.peers = peers;
        this.telemetry = telemetry;
        this.identifies = identifies;
        GatewayConfig config = peers.discord().config();
        var cache = new StateCache(peers.redis(), settings.state(), config.totalShards());
        state = new StateWatch(peers.redis(), cache);
        checkpoints =
                new Checkpoints(
                        store, lease::held, this::settledNow, saved, peers.broker()::afterSave);
        gateway =
                new Gateway(
                        config,
                        saved,
                        settings.shards().resume() ? peers.spool().resume(saved) : Map.of(),
                        identifies,
                        new Refusals(lifetime, telemetry, peers.logChannels(), checkpoints));
        statuses = new Statuses(board, gateway);
        var latencies = new Latencies(telemetry.metrics(), System::nanoTime);
        Map<Integer, Latencies.Shard> observers = new HashMap<>();
        Map<Integer, Settled> listeners = new HashMap<>();
        for (int shard = config.firstShard(); shard <= config.lastShard(); shard++) {
            var latency = latencies.shard();
            observers.put(shard, latency);
            listeners.put(shard, new Settled(shard, gateway, checkpoints, latency, lifetime));
        }
        flow =
                new EventFlow(
                        cache,
                        settings.publish().filter(),
                        telemetry.events(),
                        this::guildChanged,
                        observers,
                        peers.spool().lanes(peers.broker(), config, listeners));
    }

    /**
     * Joins the parts, which begin where the last run ended: with the lease nobody else moves that
     * on. Waits for Redis; interruptible.
     */
    static Assembly join(
            Settings settings,
            Peers peers,
            LeaseKeeper lease,
            Telemetry telemetry,
            Lifetime lifetime)
            throws InterruptedException, StartFailure {
        GatewayConfig config = peers.discord().config();
        var store = new SessionStore(peers.redis(), config.totalShards());
        Map<Integer, Checkpoint> saved =
                settings.shards().resume()
                        ? Checkpoints.load(
                                Patience.withRedis(
                                        () -> store.load(config.firstShard(), config.lastShard())))
                        : Map.of();
        var board = new StatusBoard(peers.redis(), config.totalShards(), Clock.systemUTC());
        var note = new GatewayNote(peers.redis(), settings.discord().bot());
        Patience.withRedis(() -> {
            board.started(Instant.now());
            peers.discord().said().map(Discord::note).ifPresent(note::write);
            return true;
        });
        LOG.log(
                INFO,
                "service.shards count="
                        + config.shardCount()
                        + " total="
                        + config.totalShards()
                        + " resuming="
                        + saved.size());
        return new Assembly(
                settings,
                peers,
                saved,
                store,
                board,
                identifies(settings, peers),
                lease,
                telemetry,
                lifetime);
    }

    private static SessionStarts identifies(Settings settings, Peers peers)
            throws InterruptedException {
        Discord discord = peers.discord();
        var ledger =
                new IdentifyLedger(
                        peers.redis(),
                        settings.discord().bot(),
                        IdentifyTerms.standard(discord.config().identifyInterval()));
        return Patience.withRedis(() -> new SessionStarts(discord.api(), ledger, discord.said()));
    }

    private void guildChanged(GuildChange change) {
        telemetry.count(change);
        peers.logChannels().tell(change);
    }

    private Map<Integer, Checkpoint> settledNow() {
        return gateway.checkpoints();
    }

    Peers peers() {
        return peers;
    }

    Gateway gateway() {
        return gateway;
    }

    SessionStarts identifies() {
        return identifies;
    }

    StateWatch state() {
        return state;
    }

    void start() {
        var broker = peers.broker();
        telemetry.metrics().add(state::families);
        telemetry.metrics().add(() -> BrokerFamilies.of(broker.stats(), broker.spoolStats()));
        gateway.start(flow);
        Commands.begin(broker, gateway, peers.discord().config(), telemetry.metrics());
        writers.add(Thread.ofVirtual().name("checkpoints").start(checkpoints));
        writers.add(Thread.ofVirtual().name("statuses").start(statuses));
        writers.add(Thread.ofVirtual().name("state").start(state));
    }

    /**
     * Whether every loop that no peer can stop comes round: the shards' own, and those that write
     * down how far they are. From any thread.
     */
    List<Check> live() {
        List<Check> checks = new ArrayList<>();
        List<Integer> hanging = gateway.hanging(HANGS);
        checks.add(new Check("shards", hanging.isEmpty(), hanging.isEmpty() ? "" : "" + hanging));
        for (Pulse pulse : List.of(checkpoints.pulse(), statuses.pulse(), state.pulse())) {
            checks.add(new Check(pulse.loop(), !pulse.silent(HANGS), ""));
        }
        return checks;
    }

    /**
     * Closes the shards' connections so that their sessions can be resumed, and waits until all
     * that was received is settled and its checkpoints are saved.
     *
     * @return whether that was done within the time
     */
    boolean drain(Duration atMost) throws InterruptedException {
        peers.discord().close();
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean settled = gateway.drain(atMost);
        writers.forEach(Thread::interrupt);
        for (Thread thread : writers) {
            thread.join();
        }
        boolean saved = checkpoints.saveAll(deadline);
        statuses.publishLast();
        LOG.log(INFO, "service.drained settled=" + settled + " saved=" + saved);
        return settled && saved;
    }
}
