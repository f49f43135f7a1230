package loom.dispatch.simulator;

import loom.dispatch.simulator.gateway.ClientRequestHandler;
import loom.dispatch.simulator.gateway.ConnectionContext;
import loom.dispatch.simulator.gateway.ConnectionReader;
import loom.dispatch.simulator.gateway.ConnectionWriter;
import loom.dispatch.simulator.gateway.OpenHandshakes;
import loom.dispatch.simulator.gateway.SessionExpiry;
import loom.dispatch.simulator.gateway.SimulatedGateway;
import loom.dispatch.simulator.http.ControlApi;
import loom.dispatch.simulator.http.HttpListener;
import loom.dispatch.simulator.http.RestApi;
import loom.dispatch.simulator.wire.FaultState;
import loom.dispatch.simulator.wire.HttpRequest;
import loom.dispatch.simulator.wire.HttpResponse;
import loom.dispatch.simulator.world.World;

import java.io.IOException;
import java.net.URI;

/**
 * Runs a simulated Discord on 127.0.0.1. REST and gateway share one port; the resume URL has a
 * second one. Any thread may call any method. {@link #close} ends every connection.
 */
public final class Simulator implements SimulatorControl, AutoCloseable {
    private final SimulatorConfig config;
    private final SimulatedGateway gateway;
    private final EventLedger ledger = new EventLedger();
    private final ClientActionRecorder recorder = new ClientActionRecorder();
    private final FaultState state = new FaultState();
    private final OpenHandshakes handshakes = new OpenHandshakes();
    private final Faults faults;
    private final WorldView world;
    private final EventGenerator events;
    private final HttpListener main;
    private final HttpListener resume;
    private final SessionExpiry sessionExpiry;
    private final ControlApi control = new ControlApi(this);

    private Simulator(SimulatorConfig config) throws IOException {
        this.config = config;
        gateway = new SimulatedGateway(config, new World(config), ledger, recorder, state);
        RestApi rest = new RestApi(config, gateway, state, recorder);
        var requests = new ClientRequestHandler(gateway);
        var context = new ConnectionContext(config, gateway, recorder, state, handshakes, requests);
        main =
                new HttpListener(
                        config.port(),
                        handshakes,
                        () -> state.connectionsRefused,
                        request -> answer(rest, request),
                        (request, socket, in) ->
                                ConnectionReader.serve(request, socket, in, false, context));
        resume =
                new HttpListener(
                        config.resumePort(),
                        handshakes,
                        () -> state.connectionsRefused || state.resumeUrlRefused,
                        rest::answer,
                        (request, socket, in) ->
                                ConnectionReader.serve(request, socket, in, true, context));
        rest.gatewayUrl(gatewayUri().toString());
        gateway.resumeUrl("ws://127.0.0.1:" + resume.port());
        faults = new Faults(gateway, state, rest::recommendedShards);
        world = new WorldView(gateway);
        events = new EventGenerator(gateway, config.seed());
        sessionExpiry = new SessionExpiry(gateway, config);
        main.start();
        resume.start();
    }

    private HttpResponse answer(RestApi rest, HttpRequest request) {
        return request.path().startsWith(ControlApi.BASE)
                ? control.answer(request)
                : rest.answer(request);
    }

    /**
     * Creates the world and opens the ports.
     *
     * @throws IOException if a port is taken
     */
    public static Simulator start(SimulatorConfig config) throws IOException {
        return new Simulator(config);
    }

    /** Returns the base URL of the REST routes, {@code http://127.0.0.1:port/api/v10}. */
    public URI restUri() {
        return URI.create("http://127.0.0.1:" + main.port() + "/api/v10");
    }

    /** Returns the URL that {@code /gateway/bot} reports, {@code ws://127.0.0.1:port}. */
    public URI gatewayUri() {
        return URI.create("ws://127.0.0.1:" + main.port());
    }

    @Override
    public SimulatorConfig config() {
        return config;
    }

    @Override
    public EventGenerator events() {
        return events;
    }

    /** Returns a view of the current state of all guilds. */
    public WorldView world() {
        return world;
    }

    @Override
    public EventLedger ledger() {
        return ledger;
    }

    @Override
    public ClientActionRecorder recorder() {
        return recorder;
    }

    @Override
    public Faults faults() {
        return faults;
    }

    /**
     * Returns the highest number of connections that were open at the same time and had not
     * received HELLO yet.
     */
    public int mostHandshakesAtOnce() {
        return handshakes.most();
    }

    @Override
    public int liveSessions() {
        return gateway.sessions().size();
    }

    @Override
    public long connectedShards() {
        return gateway.sessions().stream().filter(s -> s.connection().isPresent()).count();
    }

    @Override
    public void close() throws IOException {
        control.close();
        events.close();
        sessionExpiry.close();
        try (main;
                resume) {
            gateway.connections().forEach(ConnectionWriter::cut);
        }
    }
}
