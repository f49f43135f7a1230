package loom.dispatch.simulator;

import static loom.dispatch.simulator.Json.of;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Lets scripts drive a simulator over HTTP, under {@code /control/}. Answers 200 with JSON, 400
 * with a reason for a bad parameter, 404 with the list of routes for anything else.
 */
final class ControlApi {
    static final String BASE = "/control/";

    /** What there is, as {@code SimulatorMain --help} prints it. */
    static final List<String> ROUTES =
            List.of(
                    "GET  /control/statistics",
                    "GET  /control/ledger",
                    "GET  /control/recorder",
                    "POST /control/events?rate=N[&mix=TRAFFIC|ALL_KINDS]",
                    "POST /control/start",
                    "POST /control/pause",
                    "POST /control/emit?type=NAME",
                    "POST /control/close?code=N[&shard=N]",
                    "POST /control/reset[?shard=N]",
                    "POST /control/op1[?shard=N]",
                    "POST /control/op7[?shard=N]",
                    "POST /control/op9?resumable=true|false[&shard=N]",
                    "POST /control/drop-sessions[?shard=N]",
                    "POST /control/acks?on=true|false",
                    "POST /control/refuse?on=true|false",
                    "POST /control/refuse-resume?on=true|false",
                    "POST /control/rest?status=N");

    private final Simulator simulator;

    ControlApi(Simulator simulator) {
        this.simulator = simulator;
    }

    HttpResponse answer(HttpRequest request) {
        String route = request.method() + " " + request.path().substring(BASE.length());
        Map<String, String> parameters = request.parameters();
        try {
            return HttpResponse.json(200, route(route, parameters));
        } catch (UnknownRoute e) {
            return HttpResponse.json(404, of("routes", ROUTES));
        } catch (IllegalArgumentException e) {
            return HttpResponse.json(400, of("message", String.valueOf(e.getMessage())));
        }
    }

    private Object route(String route, Map<String, String> parameters) {
        switch (route) {
            case "GET statistics" -> {
                return statistics();
            }
            case "GET ledger" -> {
                return ledger();
            }
            case "GET recorder" -> {
                return recorder();
            }
            case "POST events" -> events(parameters);
            case "POST start" -> simulator.events().start();
            case "POST pause" -> simulator.events().pause();
            case "POST emit" -> simulator.events().emit(required(parameters, "type"));
            default -> fault(route, parameters);
        }
        return of("done", true);
    }

    private void events(Map<String, String> parameters) {
        if (parameters.containsKey("mix")) {
            simulator.events().mix(EventStream.Mix.valueOf(parameters.get("mix")));
        }
        simulator.events().rate(Double.parseDouble(required(parameters, "rate")));
    }

    private void fault(String route, Map<String, String> parameters) {
        Faults faults = simulator.faults();
        IntPredicate shards = shards(parameters);
        switch (route) {
            case "POST close" ->
                    faults.close(shards, Integer.parseInt(required(parameters, "code")));
            case "POST reset" -> faults.reset(shards);
            case "POST op1" -> faults.requestHeartbeat(shards);
            case "POST op7" -> faults.requestReconnect(shards);
            case "POST op9" ->
                    faults.invalidate(
                            shards, Boolean.parseBoolean(required(parameters, "resumable")));
            case "POST drop-sessions" -> faults.dropSessions(shards);
            case "POST acks" -> faults.acknowledge(on(parameters));
            case "POST refuse" -> faults.refuseConnections(on(parameters));
            case "POST refuse-resume" -> faults.refuseResumeUrl(on(parameters));
            case "POST rest" -> faults.restStatus(Integer.parseInt(required(parameters, "status")));
            default -> throw new UnknownRoute();
        }
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

    private static IntPredicate shards(Map<String, String> parameters) {
        if (!parameters.containsKey("shard")) {
            return shard -> true;
        }
        int wanted = Integer.parseInt(parameters.get("shard"));
        return shard -> shard == wanted;
    }

    private static boolean on(Map<String, String> parameters) {
        return Boolean.parseBoolean(required(parameters, "on"));
    }

    private static String required(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("missing parameter " + name);
        }
        return value;
    }

    private static final class UnknownRoute extends IllegalArgumentException {
        private static final long serialVersionUID = 1;
    }
}
