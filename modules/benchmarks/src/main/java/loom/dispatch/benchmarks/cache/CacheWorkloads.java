package loom.dispatch.benchmarks.cache;

import loom.dispatch.benchmarks.discord.RecordedTraffic;
import loom.dispatch.simulator.EventGenerator;
import loom.dispatch.simulator.GuildShape;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The event loads for the cache benchmark, recorded from the simulator in guilds of one size. */
final class CacheWorkloads {
    /** The name of a busy bot's event mix. */
    static final String TRAFFIC = "TRAFFIC";

    /** The name of the load of whole guilds. */
    static final String GUILD_CREATE = "GUILD_CREATE";

    private static final String MESSAGE_CREATE = "MESSAGE_CREATE";
    private static final int EVENTS_PER_LAP = 1_024;

    /** The total members of the guilds of one size. */
    private static final int MEMBERS = 20_000;

    /** READY of a session without guilds. */
    static final RecordedTraffic.Event READY =
            new RecordedTraffic.Event(
                    "READY",
                    "{\"user\":{\"id\":\"1\"},\"guilds\":[]}".getBytes(StandardCharsets.UTF_8));

    /**
     * The events of one lap, which the benchmark repeats.
     *
     * @param kind name of the load
     * @param setUp the events before the first lap, or before each lap
     * @param anew true if each lap begins with an empty Redis
     * @param lap the measured events
     */
    record Load(
            String kind,
            List<RecordedTraffic.Event> setUp,
            boolean emptyRedis,
            List<RecordedTraffic.Event> lap) {
        /** Returns true if the events are GUILD_CREATEs, which the cache applies one at a time. */
        boolean isOfGuilds() {
            return kind.startsWith(GUILD_CREATE);
        }

        boolean isOfOneShard() {
            return !kind.equals(TRAFFIC);
        }
    }

    private CacheWorkloads() {}

    /** Returns the loads for guilds with this many members, each of them listed and online. */
    static List<Load> of(List<String> kinds, int members) throws IOException, InterruptedException {
        GuildShape guilds =
                new GuildShape(
                        Math.clamp(MEMBERS / members, 2, 100),
                        members,
                        40,
                        20,
                        20,
                        10,
                        10,
                        members);
        List<String> single =
                kinds.stream()
                        .filter(kind -> !kind.equals(TRAFFIC) && !kind.equals(GUILD_CREATE))
                        .toList();
        List<Load> loads = new ArrayList<>();
        if (!single.isEmpty()) {
            String[] drawn = single.toArray(String[]::new);
            RecordedTraffic recording =
                    RecordedTraffic.of(
                            events -> events.only(drawn), guilds, EVENTS_PER_LAP * drawn.length);
            byKind(recording)
                    .forEach(
                            (kind, lap) -> loads.add(new Load(kind, setUp(recording), false, lap)));
        }
        if (kinds.contains(TRAFFIC) || kinds.contains(GUILD_CREATE)) {
            RecordedTraffic recording =
                    RecordedTraffic.of(
                            events -> events.mix(EventGenerator.Mix.TRAFFIC),
                            guilds,
                            EVENTS_PER_LAP);
            if (kinds.contains(TRAFFIC)) {
                loads.add(new Load(TRAFFIC, setUp(recording), false, recording.traffic()));
            }
            if (kinds.contains(GUILD_CREATE)) {
                List<RecordedTraffic.Event> create = recording.guilds();
                loads.add(new Load(GUILD_CREATE + " new", List.of(), true, create));
                loads.add(new Load(GUILD_CREATE + " again", create, false, create));
            }
        }
        return loads;
    }

    private static List<RecordedTraffic.Event> setUp(RecordedTraffic recording) {
        List<RecordedTraffic.Event> events = new ArrayList<>(recording.guilds());
        // Events that change an object need the event that created it.
        recording.traffic().stream()
                .filter(event -> event.type().equals(MESSAGE_CREATE))
                .forEach(events::add);
        return events;
    }

    private static Map<String, List<RecordedTraffic.Event>> byKind(RecordedTraffic recording) {
        Map<String, List<RecordedTraffic.Event>> kinds = new LinkedHashMap<>();
        recording
                .traffic()
                .forEach(event ->
                        kinds.computeIfAbsent(event.type(), _ -> new ArrayList<>()).add(event));
        return kinds;
    }
}
