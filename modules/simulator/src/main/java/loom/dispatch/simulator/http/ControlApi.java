package loom.dispatch.simulator.http;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.EventGenerator;
import loom.dispatch.simulator.RandomFaults;
import loom.dispatch.simulator.SimulatorControl;
import loom.dispatch.simulator.wire.HttpRequest;
import loom.dispatch.simulator.wire.HttpResponse;
import loom.dispatch.simulator.world.Json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Lets scripts control a simulator over HTTP, under {@code /control/}. It answers 200 with JSON,
 * 400 with the reason for a bad parameter, and 404 with the list of routes. Each client's thread
 * calls it. Its monitor guards the running fault schedule.
 */
public final class ControlApi implements AutoCloseable {
    public static final String BASE = "/control/";

    private static final long MEAN_FAULT_PAUSE_MILLIS = 10_000;

    private final SimulatorControl simulator;
    private Optional<RandomFaults> schedule = Optional.empty();

    public ControlApi(SimulatorControl simulator) {
        this.simulator = simulator;
    }

    /** Returns the routes as {@code SimulatorMain --help} prints them. */
    public static List<String> routes() {
        List<String> routes =
                new ArrayList<>(
                        List.of(
                                "GET  /control/statistics",
                                "GET  /control/ledger",
                                "GET  /control/recorder",
                                "GET  /control/connections",
                                "GET  /control/schedule",
                                "POST /control/schedule?kind=NAME|NONE[&seed=N][&mean-ms=N]",
                                "POST /control/events?rate=N[&mix=TRAFFIC|ALL_KINDS]",
                                "POST /control/start",
                                "POST /control/pause",
                                "POST /control/emit?type=NAME"));
        NamedFaults.lines().forEach(line -> routes.add("POST /control/" + line));
        return routes;
    }

    public HttpResponse answer(HttpRequest request) {
        String route = request.method() + " " + request.path().substring(BASE.length());
        try {
            return route(route, new RequestParameters(request.parameters()))
                    .map(body -> HttpResponse.json(200, body))
                    .orElseGet(() -> HttpResponse.json(404, of("routes", routes())));
        } catch (IllegalArgumentException e) {
            return HttpResponse.json(400, of("message", String.valueOf(e.getMessage())));
        }
    }

    private Optional<Object> route(String route, RequestParameters parameters) {
        return switch (route) {
            case "GET statistics" -> Optional.of(statistics());
            case "GET ledger" -> Optional.of(ledger());
            case "GET recorder" -> Optional.of(recorder());
            case "GET connections" -> Optional.of(connections());
            case "GET schedule" -> Optional.of(schedule());
            case "POST schedule" -> Optional.of(schedule(parameters));
            case "POST events" -> done(() -> events(parameters));
            case "POST start" -> done(simulator.events()::start);
            case "POST pause" -> done(simulator.events()::pause);
            case "POST emit" -> done(() -> simulator.events().emit(parameters.text("type")));
            default -> fault(route, parameters);
        };
    }

    private Optional<Object> fault(String route, RequestParameters parameters) {
        return route.startsWith("POST ")
                ? NamedFaults.find(route.substring(5), simulator.faults(), parameters)
                        .flatMap(ControlApi::done)
                : Optional.empty();
    }

    private static Optional<Object> done(Runnable action) {
        action.run();
        return Optional.of(of("done", true));
    }

    private void events(RequestParameters parameters) {
        if (parameters.has("mix")) {
            simulator.events().mix(parameters.oneOf(EventGenerator.Mix.class, "mix"));
        }
        simulator.events().rate(parameters.rate("rate"));
    }

    /** Returns the faults that the schedule has injected so far; no kind if none runs. */
    private synchronized Object schedule() {
        return schedule.map(running ->
                        of(
                                "kind", running.kind().name(),
                                "seed", Long.toString(running.seed()),
                                "done", running.done()))
                .orElseGet(Json::of);
    }

    /** Stops the running schedule, if any, and starts another one. Returns its seed. */
    private synchronized Object schedule(RequestParameters parameters) {
        Optional<RandomFaults.Kind> kind =
                parameters.text("kind").equals("NONE")
                        ? Optional.empty()
                        : Optional.of(parameters.oneOf(RandomFaults.Kind.class, "kind"));
        long seed =
                parameters.has("seed")
                        ? parameters.number("seed")
                        : ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        long pause =
                parameters.has("mean-ms") ? parameters.number("mean-ms") : MEAN_FAULT_PAUSE_MILLIS;
        schedule.ifPresent(RandomFaults::close);
        schedule = kind.map(k -> RandomFaults.start(simulator, k, seed, Duration.ofMillis(pause)));
        return schedule();
    }

    @Override
    public synchronized void close() {
        schedule.ifPresent(RandomFaults::close);
        schedule = Optional.empty();
    }

    private Object statistics() {
        return of(
                "sessions", simulator.liveSessions(),
                "connected", simulator.connectedShards(),
                "connections", simulator.recorder().connections().size(),
                "identifies", simulator.recorder().identifies().size(),
                "resumes", simulator.recorder().resumes().size(),
                "emitted", simulator.events().emitted(),
                "dispatched", simulator.ledger().dispatched(),
                "running", simulator.events().running(),
                "longest_heartbeat_gap", simulator.recorder().longestHeartbeatGap());
    }

    private Object ledger() {
        return simulator.ledger().sessions().stream()
                .map(session ->
                        of(
                                "session_id", session.id(),
                                "shard", session.shard(),
                                "dispatched", session.dispatched(),
                                "sent", session.sent(),
                                "resumed", session.resumed(),
                                "ended", session.ended(),
                                "superseded", session.superseded()))
                .toList();
    }

    private Object recorder() {
        Map<String, Object> frames = new TreeMap<>();
        for (int op : List.of(1, 2, 3, 4, 6, 8, 31, 43)) {
            frames.put(Integer.toString(op), simulator.recorder().count(op));
        }
        return of("client_frames_by_opcode", frames);
    }

    private Object connections() {
        return simulator.recorder().connections().stream()
                .map(open ->
                        of(
                                "number", open.number(),
                                "shard", open.shard(),
                                "query", open.query(),
                                "resume_url", open.resumeUrl(),
                                "open", open.closedNanos().isEmpty(),
                                "client_close_code", open.clientCloseCode(),
                                "frames", open.frames().size(),
                                "longest_heartbeat_gap", open.longestHeartbeatGap()))
                .toList();
    }
}
