package loom.dispatch.simulator;

import loom.dispatch.simulator.http.NamedFaults;
import loom.dispatch.simulator.http.RequestParameters;
import loom.dispatch.simulator.wire.HttpRequest;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parsed command-line options of {@link SimulatorMain}. Used by one thread. */
final class SimulatorOptions {
    static final String HELP =
            """
            A simulated Discord on 127.0.0.1, to test a bot or a gateway service.

              --port N           port of REST and gateway (a free port)
              --resume-port N    port of resume_gateway_url (a free port)
              --token TOKEN      the accepted bot token
              --shards N         recommended shards (1)
              --concurrency N    max_concurrency (16)
              --identify-ms N    time between two IDENTIFYs of a key (5000)
              --starts N         IDENTIFYs per day (1000)
              --heartbeat-ms N   heartbeat interval (41250)
              --send-limit N     client messages per 60 s (120)
              --session-ms N     time in which a disconnected session can be resumed (180000)
              --replay N         events that a session keeps for a RESUME (2000)
              --guilds N         guilds per shard (2)
              --members N        members per guild (10)
              --rate N           events per second over all shards (0)
              --mix NAME         TRAFFIC (default) or ALL_KINDS
              --fault NAME?PARAMETERS
                                 a fault that is on from the start; may be repeated
              --faults KIND      random faults of this kind: DROPS, RECONNECTS, INVALIDATIONS,
                                 HEARTBEATS, CORRUPTION, RESUMABLE, EVERYTHING
              --fault-ms N       mean time between two random faults (10000)
              --seed N           seed of all random choices (1)
              --seconds N        end after N seconds (run until Ctrl-C)
              --help

            Faults, for --fault and over HTTP:
            """;

    private SimulatorConfig config = SimulatorConfig.standard();
    private double rate;
    private EventGenerator.Mix mix = EventGenerator.Mix.TRAFFIC;
    private final List<String> faults = new ArrayList<>();
    private Optional<RandomFaults.Kind> kind = Optional.empty();
    private Duration faultPause = Duration.ofSeconds(10);
    private Duration end = Duration.ofDays(10_000);

    private SimulatorOptions() {}

    /**
     * Parses the options.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static SimulatorOptions parse(List<String> arguments) {
        SimulatorOptions parsed = new SimulatorOptions();
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            if (rest.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            parsed.take(option, new RequestParameters(Map.of(option, rest.removeFirst())));
        }
        return parsed;
    }

    SimulatorConfig config() {
        return config;
    }

    Duration end() {
        return end;
    }

    /**
     * Applies the requested faults and event rate. The caller closes the fault schedule if there is
     * one.
     */
    Optional<RandomFaults> begin(Simulator simulator) {
        faults.forEach(fault -> begin(fault, simulator.faults()));
        simulator.events().mix(mix).rate(rate);
        return kind.map(k -> RandomFaults.start(simulator, k, config.seed(), faultPause));
    }

    private static void begin(String fault, Faults faults) {
        String[] parts = fault.split("\\?", 2);
        String query = parts.length == 2 ? parts[1] : "";
        var request = new HttpRequest("POST", parts[0], query, Map.of(), new byte[0]);
        NamedFaults.find(request.path(), faults, new RequestParameters(request.parameters()))
                .orElseThrow(() -> new IllegalArgumentException("unknown fault " + request.path()))
                .run();
    }

    private void take(String option, RequestParameters value) {
        switch (option) {
            case "--rate" -> rate = value.rate(option);
            case "--mix" -> mix = value.oneOf(EventGenerator.Mix.class, option);
            case "--fault" -> faults.add(value.text(option));
            case "--faults" -> kind = Optional.of(value.oneOf(RandomFaults.Kind.class, option));
            case "--fault-ms" -> faultPause = millis(value, option);
            case "--seconds" -> end = Duration.ofSeconds(value.number(option));
            default -> config = configured(option, value);
        }
    }

    private static Duration millis(RequestParameters value, String option) {
        return Duration.ofMillis(value.number(option));
    }

    private SimulatorConfig configured(String option, RequestParameters value) {
        return switch (option) {
            case "--token" -> config.withToken(value.text(option));
            case "--port" -> config.withPort(value.number(option));
            case "--resume-port" -> config.withResumePort(value.number(option));
            case "--shards" -> config.withShards(value.number(option));
            case "--concurrency" -> config.withMaxConcurrency(value.number(option));
            case "--identify-ms" -> config.withIdentifyInterval(millis(value, option));
            case "--starts" -> config.withStartsTotal(value.number(option));
            case "--heartbeat-ms" -> config.withHeartbeatInterval(millis(value, option));
            case "--send-limit" -> config.withSendLimit(value.number(option));
            case "--session-ms" -> config.withSessionLifetime(millis(value, option));
            case "--guilds" -> config.withGuildsPerShard(value.number(option));
            case "--members" -> config.withGuilds(config.guilds().members(value.number(option)));
            case "--replay" -> config.withReplayEvents(value.number(option));
            case "--seed" -> config.withSeed(value.number(option));
            default -> throw new IllegalArgumentException("unknown option " + option);
        };
    }
}
