package loom.dispatch.simulator;

import loom.dispatch.simulator.events.SimulatedEvent;
import loom.dispatch.simulator.events.SimulatedEvents;
import loom.dispatch.simulator.gateway.EventDispatch;
import loom.dispatch.simulator.gateway.GatewaySession;
import loom.dispatch.simulator.gateway.SimulatedGateway;
import loom.dispatch.simulator.world.Guild;
import loom.dispatch.simulator.world.IdentifyRequest;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Generates guild events at a steady rate, in guilds that at least one session subscribes to. Its
 * own thread makes the events. Any thread may call the methods; a call blocks at most while one
 * event is made.
 */
public final class EventGenerator implements AutoCloseable {
    /** How the generator chooses the type of the next event. */
    public enum Mix {
        /**
         * The distribution of a busy bot: presences, messages and typing are 90 % of the events.
         */
        TRAFFIC,
        /** All event types with equal probability. */
        ALL_KINDS
    }

    private static final System.Logger LOG = System.getLogger("loom.dispatch.simulator");
    private static final Duration TICK = Duration.ofMillis(5);

    /** The most missed time that the generator makes up for after a stall. It prevents a burst. */
    private static final double CATCH_UP_SECONDS = 0.5;

    private static final Map<String, Integer> TRAFFIC =
            Map.ofEntries(
                    Map.entry("PRESENCE_UPDATE", 45),
                    Map.entry("MESSAGE_CREATE", 25),
                    Map.entry("TYPING_START", 12),
                    Map.entry("MESSAGE_REACTION_ADD", 6),
                    Map.entry("VOICE_STATE_UPDATE", 5),
                    Map.entry("MESSAGE_UPDATE", 3),
                    Map.entry("MESSAGE_DELETE", 2),
                    Map.entry("MESSAGE_REACTION_REMOVE", 2));

    private final SimulatedGateway gateway;
    private final RandomGenerator random;
    private final Map<String, SimulatedEvent> simulatedEvents = new LinkedHashMap<>();
    private final Thread thread;
    private volatile double perSecond;
    private volatile boolean perShard;
    private volatile boolean running;
    private volatile boolean closed;
    private volatile long emitted;
    private volatile List<String> selectedTypes = List.of();

    EventGenerator(SimulatedGateway gateway, long seed) {
        this.gateway = gateway;
        this.random = new SplittableRandom(seed ^ 0xe7e7);
        SimulatedEvent.Sink sink =
                new SimulatedEvent.Sink() {
                    @Override
                    public void emit(String type, String guildId, Map<String, Object> d) {
                        gateway.dispatch(new EventDispatch(type, guildId, d));
                        emitted = emitted + 1;
                    }

                    @Override
                    public void announce(Guild guild) {
                        gateway.announce(guild);
                        emitted = emitted + 1;
                    }
                };
        SimulatedEvents.register(gateway.world(), sink, simulatedEvents);
        mix(Mix.TRAFFIC);
        thread = Thread.ofPlatform().daemon().name("simulator-events").start(this::run);
    }

    /** Sets the number of events per second over all sessions. */
    public EventGenerator rate(double eventsPerSecond) {
        perSecond = eventsPerSecond;
        perShard = false;
        start();
        return this;
    }

    /** Sets the number of events per second for each session. */
    public EventGenerator ratePerShard(double eventsPerSecond) {
        perSecond = eventsPerSecond;
        perShard = true;
        start();
        return this;
    }

    public EventGenerator mix(Mix mix) {
        selectedTypes =
                switch (mix) {
                    case ALL_KINDS -> List.copyOf(simulatedEvents.keySet());
                    case TRAFFIC -> weighted(TRAFFIC);
                };
        return this;
    }

    /** Generates only these event types. A type that is named twice is twice as frequent. */
    public EventGenerator only(String... types) {
        for (String type : types) {
            simulatedEvent(type);
        }
        selectedTypes = List.of(types);
        return this;
    }

    /** Resumes at the last rate after {@link #pause}. */
    public void start() {
        running = true;
    }

    /** Stops generating. When it returns, no event follows until {@link #start}. */
    public void pause() {
        running = false;
        gateway.locked(() -> emitted);
    }

    public boolean running() {
        return running;
    }

    /** Returns the number of events made so far. One event can go to more than one session. */
    public long emitted() {
        return emitted;
    }

    /** Returns the event types that the generator can make. */
    public Set<String> kinds() {
        return Set.copyOf(simulatedEvents.keySet());
    }

    /** Makes one event of this type now, in a guild that a session subscribes to. */
    public void emit(String type) {
        SimulatedEvent simulatedEvent = simulatedEvent(type);
        gateway.change(() -> {
            List<Guild> guilds = subscribedGuilds();
            if (!guilds.isEmpty()) {
                simulatedEvent.apply(guilds.get(random.nextInt(guilds.size())));
            }
        });
    }

    /** Makes one event of this type now, in this guild. */
    public void emit(String type, String guildId) {
        SimulatedEvent simulatedEvent = simulatedEvent(type);
        gateway.change(() -> simulatedEvent.apply(gateway.world().guild(guildId)));
    }

    /**
     * Dispatches an event unchanged. The type may be unknown, and {@code d} may be any JSON.
     *
     * @param d JSON
     */
    public void emitRaw(int shard, String type, byte[] d) {
        gateway.change(() -> {
            gateway.sessions().stream()
                    .filter(session -> session.identity().shard() == shard)
                    .forEach(session -> session.append(type, d));
        });
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private SimulatedEvent simulatedEvent(String type) {
        SimulatedEvent simulatedEvent = simulatedEvents.get(type);
        if (simulatedEvent == null) {
            throw new IllegalArgumentException("no such event: " + type);
        }
        return simulatedEvent;
    }

    private static List<String> weighted(Map<String, Integer> weights) {
        List<String> list = new ArrayList<>();
        weights.forEach((type, weight) -> list.addAll(java.util.Collections.nCopies(weight, type)));
        list.sort(null);
        return list;
    }

    private void run() {
        long last = System.nanoTime();
        double due = 0;
        while (!closed) {
            try {
                Thread.sleep(TICK);
                long now = System.nanoTime();
                double rate = running ? perSecond * (perShard ? gateway.sessions().size() : 1) : 0;
                due = Math.min(due + rate * (now - last) / 1e9, rate * CATCH_UP_SECONDS);
                last = now;
                int count = (int) due;
                due -= count;
                if (count > 0) {
                    tick(count);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "events.failed", e);
            }
        }
    }

    private void tick(int count) {
        gateway.change(() -> {
            List<Guild> guilds = subscribedGuilds();
            long until = emitted + count;
            for (int i = 0; i < 4 * count && emitted < until && running; i++) {
                if (guilds.isEmpty()) {
                    return;
                }
                String type = selectedTypes.get(random.nextInt(selectedTypes.size()));
                Guild guild = guilds.get(random.nextInt(guilds.size()));
                if (gateway.world().guild(guild.id()) == guild && !guild.unavailable) {
                    simulatedEvents.get(type).apply(guild);
                }
            }
        });
    }

    /**
     * Returns the available guilds that belong to a shard with a running session, for any shard
     * count in use.
     */
    private List<Guild> subscribedGuilds() {
        Map<Integer, Set<Integer>> shardsByCount = new HashMap<>();
        for (GatewaySession session : gateway.sessions()) {
            IdentifyRequest identity = session.identity();
            shardsByCount
                    .computeIfAbsent(identity.count(), count -> new HashSet<>())
                    .add(identity.shard());
        }
        return gateway.world().guilds().stream()
                .filter(guild -> !guild.unavailable)
                .filter(guild ->
                        shardsByCount.entrySet().stream()
                                .anyMatch(e ->
                                        e.getValue()
                                                .contains(
                                                        IdentifyRequest.shardOf(
                                                                guild.id(), e.getKey()))))
                .toList();
    }
}
