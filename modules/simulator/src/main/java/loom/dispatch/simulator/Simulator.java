package loom.dispatch.simulator;

import java.io.IOException;
import java.net.URI;

/**
 * A fake Discord on 127.0.0.1: REST and gateway on one port, the resume URL on a second one. All
 * methods may be called from any thread; {@link #close} ends every connection.
 */
public final class Simulator implements AutoCloseable {
    /** What a client's thread needs. */
    record Parts(
            SimulatorConfig config,
            Gateway gateway,
            Recorder recorder,
            FaultState faults,
            Handshakes handshakes,
            ClientRequests requests) {}

    private final SimulatorConfig config;
    private final Gateway gateway;
    private final Ledger ledger = new Ledger();
    private final Recorder recorder = new Recorder();
    private final FaultState state = new FaultState();
    private final Handshakes handshakes = new Handshakes();
    private final Faults faults;
    private final WorldView world;
    private final EventStream events;
    private final HttpListener main;
    private final HttpListener resume;
    private final Housekeeping housekeeping;
    private final ControlApi control = new ControlApi(this);

    private Simulator(SimulatorConfig config) throws IOException {
        this.config = config;
        gateway = new Gateway(config, new World(config), ledger, recorder, state);
        RestApi rest = new RestApi(config, gateway, state, recorder);
        var requests = new ClientRequests(gateway);
        Parts parts = new Parts(config, gateway, recorder, state, handshakes, requests);
        main =
                new HttpListener(
                        config.port(),
                        handshakes,
                        () -> state.connectionsRefused,
                        request -> answer(rest, request),
                        (request, socket, in) -> Client.serve(request, socket, in, false, parts));
        resume =
                new HttpListener(
                        config.resumePort(),
                        handshakes,
                        () -> state.connectionsRefused || state.resumeUrlRefused,
                        rest::answer,
                        (request, socket, in) -> Client.serve(request, socket, in, true, parts));
        rest.gatewayUrl(gatewayUri().toString());
        gateway.resumeUrl("ws://127.0.0.1:" + resume.port());
        faults = new Faults(gateway, state, rest);
        world = new WorldView(gateway);
        events = new EventStream(gateway, config.seed());
        housekeeping = new Housekeeping(gateway, config);
        main.start();
        resume.start();
    }

    private HttpResponse answer(RestApi rest, HttpRequest request) {
        return request.path().startsWith(ControlApi.BASE)
                ? control.answer(request)
                : rest.answer(request);
    }

    /**
     * Makes the world and listens.
     *
     * @throws IOException if a port is taken
     */
    public static Simulator start(SimulatorConfig config) throws IOException {
        return new Simulator(config);
    }

    /** The base of all REST routes, {@code http://127.0.0.1:port/api/v10}. */
    public URI restUri() {
        return URI.create("http://127.0.0.1:" + main.port() + "/api/v10");
    }

    /** What {@code /gateway/bot} tells, {@code ws://127.0.0.1:port}. */
    public URI gatewayUri() {
        return URI.create("ws://127.0.0.1:" + main.port());
    }

    public SimulatorConfig config() {
        return config;
    }

    public EventStream events() {
        return events;
    }

    /** The true state of all guilds. */
    public WorldView world() {
        return world;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Recorder recorder() {
        return recorder;
    }

    public Faults faults() {
        return faults;
    }

    /** How many connections at a time, at the most, were accepted and had not heard HELLO yet. */
    public int mostHandshakesAtOnce() {
        return handshakes.most();
    }

    /** Sessions that can get events, connected or not. */
    public int liveSessions() {
        return gateway.sessions().size();
    }

    /** Sessions with a connection. */
    public long connectedShards() {
        return gateway.sessions().stream().filter(s -> s.connection().isPresent()).count();
    }

    @Override
    public void close() throws IOException {
        control.close();
        events.close();
        housekeeping.close();
        try (main;
                resume) {
            gateway.connections().forEach(Connection::cut);
        }
    }
}
