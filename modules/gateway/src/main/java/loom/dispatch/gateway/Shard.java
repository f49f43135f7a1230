package loom.dispatch.gateway;

import loom.dispatch.gateway.ShardAction.Timer;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One shard: the thread that feeds the state machine and does what it decides.
 *
 * <p>Everything here belongs to the shard's thread but the inbox and the backlog. The thread waits
 * for nothing but its inbox and its timers, so heartbeats are never late for Redis or RabbitMQ:
 * when the backlog is full it leaves parts undecoded and asks for no more.
 *
 * <p>{@code received} is the last sequence taken from the socket: heartbeats and RESUME inside this
 * process use it. What a new process resumes from is {@link Backlog#settled}.
 */
final class Shard implements Runnable {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.gateway");

    /** How often a shard without a connection looks whether its backlog has room again. */
    private static final Duration ROOM_CHECK = Duration.ofMillis(250);

    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final int id;
    private final GatewayConfig config;
    private final Timing timing;
    private final ShardMachine machine;
    private final Payloads payloads;
    private final IdentifyLimiter limiter;
    private final HttpClient http;
    private final GatewayListener listener;
    private final BlockingQueue<Signal> inbox = new LinkedBlockingQueue<>();
    private final Backlog backlog;
    private final Vitals vitals = new Vitals();
    private final Timers timers =
            new Timers(System::nanoTime, RandomGenerator.of("L64X128MixRandom"));

    private ShardState state = new ShardState.Idle();
    private Optional<Connection> connection = Optional.empty();
    private Optional<Session> session;
    private Optional<Checkpoint> lost = Optional.empty();
    private long received;
    private long positions;
    private CompletableFuture<?> farewell = CompletableFuture.completedFuture(null);

    Shard(
            int id,
            GatewayConfig config,
            Timing timing,
            IdentifyLimiter limiter,
            HttpClient http,
            BacklogBudget budget,
            Optional<Checkpoint> start,
            GatewayListener listener) {
        this.id = id;
        this.config = config;
        this.timing = timing;
        this.machine = new ShardMachine(timing);
        this.payloads = new Payloads(config);
        this.limiter = limiter;
        this.http = http;
        this.listener = listener;
        this.backlog = new Backlog(budget, start, () -> inbox.add(new Signal.Room()));
        this.session = start.map(Checkpoint::session);
        this.received = start.map(Checkpoint::sequence).orElse(0L);
        vitals.sequence(received);
    }

    int id() {
        return id;
    }

    Backlog backlog() {
        return backlog;
    }

    long receivedEvents() {
        return vitals.receivedEvents();
    }

    ShardSnapshot snapshot() {
        return vitals.snapshot(id, backlog);
    }

    /** Puts an event into the inbox; from any thread. */
    void tell(ShardEvent event) {
        inbox.add(new Signal.Happened(event));
    }

    @Override
    public void run() {
        try {
            happened(new ShardEvent.Start(session.map(Plan::resume).orElseGet(Plan.Identify::new)));
            while (!(state instanceof ShardState.Stopped)) {
                Signal signal = inbox.poll(timers.untilNext().toNanos(), TimeUnit.NANOSECONDS);
                if (signal != null) {
                    handle(signal);
                }
                fireTimers();
            }
        } catch (InterruptedException _) {
            // the gateway is closing without a drain
        } catch (Throwable e) {
            listener.died(id, e);
        } finally {
            connection.ifPresent(left -> left.close(Goodbye.DRAINED));
            awaitFarewell();
        }
    }

    /** The process may end when this thread does: the close frame should be out by then. */
    private void awaitFarewell() {
        farewell.completeOnTimeout(null, FAREWELL.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private void handle(Signal signal) {
        switch (signal) {
            case Signal.Happened(var event) -> happened(event);
            case Signal.Part part -> current(part.epoch()).ifPresent(open -> arrived(open, part));
            case Signal.Sent(var epoch) -> current(epoch).ifPresent(Connection::sent);
            case Signal.Room _ -> connection.ifPresent(this::decodeWithheld);
        }
    }

    /** The connection with this epoch, if it is still the one we have. */
    private Optional<Connection> current(int epoch) {
        return connection.filter(open -> open.epoch() == epoch);
    }

    private void fireTimers() {
        for (Optional<Timer> due = timers.takeDue(); due.isPresent(); due = timers.takeDue()) {
            switch (due.get()) {
                case PAUSE -> pauseOver();
                case DEADLINE -> happened(new ShardEvent.DeadlinePassed(progress()));
                case HEARTBEAT ->
                        happened(
                                new ShardEvent.HeartbeatDue(
                                        connection.filter(Connection::takeHeard).isPresent(),
                                        connection.filter(Connection::withholding).isPresent()));
            }
        }
    }

    /** A connection is of no use while nothing that it brings can be taken. */
    private void pauseOver() {
        if (backlog.hasRoom()) {
            happened(new ShardEvent.PauseOver());
        } else {
            timers.start(ShardAction.StartTimer.exactly(Timer.PAUSE, ROOM_CHECK));
        }
    }

    private boolean progress() {
        return connection.filter(open -> open.takeProgress() || open.withholding()).isPresent();
    }

    private void arrived(Connection open, Signal.Part part) {
        open.hear();
        if (open.withholding() || !backlog.hasRoom()) {
            open.withheld().add(part);
            vitals.withholding(true);
        } else {
            decode(open, part);
        }
    }

    private void decodeWithheld(Connection open) {
        while (open.withholding() && current(open.epoch()).isPresent() && backlog.hasRoom()) {
            decode(open, open.withheld().remove());
        }
        vitals.withholding(open.withholding());
    }

    private void decode(Connection open, Signal.Part part) {
        try {
            if (open.decoder().feed(part.bytes(), part.last())) {
                OutputBuffer message = open.decoder().message();
                understand(open, message.bytes(), message.length());
                message.clear();
            }
            open.decoded();
        } catch (MalformedFrameException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "shard.corrupted shard={0} reason=\"{1}\"",
                    id,
                    e.getMessage());
            happened(new ShardEvent.Corrupted(open.epoch(), e.getMessage()));
        }
    }

    private void understand(Connection open, byte[] bytes, int length)
            throws MalformedFrameException {
        Envelope envelope = EnvelopeScanner.scan(bytes, length);
        int epoch = open.epoch();
        switch (envelope.op()) {
            case Opcode.DISPATCH -> dispatched(open, bytes, envelope);
            case Opcode.HEARTBEAT -> happened(new ShardEvent.HeartbeatRequested(epoch));
            case Opcode.RECONNECT -> happened(new ShardEvent.ReconnectRequested(epoch));
            case Opcode.INVALID_SESSION ->
                    happened(
                            new ShardEvent.SessionInvalidated(
                                    epoch, bytes[envelope.dataStart()] == 't'));
            case Opcode.HELLO ->
                    happened(
                            new ShardEvent.Hello(
                                    epoch, Payloads.heartbeatIntervalMillis(bytes, envelope)));
            case Opcode.HEARTBEAT_ACK ->
                    vitals.acknowledged(Instant.now(), open.takeLatencyNanos(System.nanoTime()));
            default ->
                    LOG.log(
                            System.Logger.Level.DEBUG,
                            "shard.unknown_opcode shard={0} op={1}",
                            id,
                            envelope.op());
        }
    }

    /** An event: it joins the backlog first, and only then may change the shard's state. */
    private void dispatched(Connection open, byte[] bytes, Envelope envelope)
            throws MalformedFrameException {
        if (envelope.sequence() < 0 || envelope.type().isEmpty()) {
            throw new MalformedFrameException("a dispatch without s or t");
        }
        Optional<ShardEvent> change = Optional.empty();
        if (envelope.type().equals("READY")) {
            Session begun = Payloads.session(bytes, envelope);
            begin(begun);
            change = Optional.of(new ShardEvent.ReadyReceived(open.epoch(), begun));
        } else if (envelope.type().equals("RESUMED")) {
            change = Optional.of(new ShardEvent.ResumedReceived(open.epoch()));
        }
        if (session.isEmpty()) {
            throw new MalformedFrameException(envelope.type() + " before READY");
        }
        received = envelope.sequence();
        long now = System.nanoTime();
        open.progress();
        backlog.add(event(bytes, envelope, now));
        vitals.event(received, positions, now);
        change.ifPresent(this::happened);
    }

    /** A new session; if one was lost before it, consumers hear of the gap first. */
    private void begin(Session begun) {
        forgetSession();
        lost.ifPresent(
                gap -> backlog.add(Gap.event(++positions, id, gap, begun, System.nanoTime())));
        lost = Optional.empty();
        session = Optional.of(begun);
    }

    private void forgetSession() {
        session.ifPresent(gone -> lost = Optional.of(new Checkpoint(gone, received)));
        session = Optional.empty();
        received = 0;
        vitals.sequence(0);
    }

    private DispatchEvent event(byte[] bytes, Envelope envelope, long now) {
        byte[] data = new byte[envelope.dataEnd() - envelope.dataStart()];
        System.arraycopy(bytes, envelope.dataStart(), data, 0, data.length);
        return new DispatchEvent(
                ++positions,
                id,
                session.orElseThrow(),
                envelope.sequence(),
                envelope.type(),
                GuildId.of(envelope.type(), data),
                data,
                now,
                state instanceof ShardState.Resuming);
    }

    private void happened(ShardEvent event) {
        if (event instanceof ShardEvent.Failed || event instanceof ShardEvent.Closed) {
            current(((ShardEvent.OfConnection) event).epoch()).ifPresent(this::forget);
        }
        Step step = machine.step(state, event);
        state = step.state();
        vitals.state(state);
        step.actions().forEach(this::act);
    }

    private void forget(Connection gone) {
        gone.release();
        connection = Optional.empty();
        vitals.withholding(false);
    }

    private void act(ShardAction action) {
        switch (action) {
            case ShardAction.Connect(var epoch, var plan) -> connect(epoch, plan);
            case ShardAction.Disconnect(var goodbye) ->
                    connection.ifPresent(open -> {
                        open.close(goodbye);
                        connection = Optional.empty();
                        vitals.withholding(false);
                    });
            case ShardAction.AskPermit _ -> connection.ifPresent(open -> open.ticket().ask());
            case ShardAction.SendIdentify _ ->
                    connection.ifPresent(open -> open.sendIdentify(payloads.identify(id)));
            case ShardAction.SendResume(var resumed) ->
                    connection.ifPresent(open -> open.send(payloads.resume(resumed, received)));
            case ShardAction.SendHeartbeat _ ->
                    connection.ifPresent(open -> open.sendHeartbeat(received, System.nanoTime()));
            case ShardAction.ForgetSession _ -> forgetSession();
            case ShardAction.StartTimer start -> timers.start(start);
            case ShardAction.StopTimer(var timer) -> timers.stop(timer);
            case ShardAction.StopTimers _ -> timers.stopAll();
            case ShardAction.Tell(var notice) -> listener.notice(id, notice);
        }
    }

    private void connect(int epoch, Plan plan) {
        URI base =
                plan instanceof Plan.Resume(var resumed, var onMainUrl) && !onMainUrl
                        ? resumed.resumeUrl().orElse(config.url())
                        : config.url();
        FrameDecoder decoder =
                switch (config.compression()) {
                    case NONE -> new PlainText();
                    case ZLIB_STREAM -> new ZlibStream();
                };
        URI url = GatewayUrl.of(base, config.compression());
        var socket = GatewaySocket.open(http, url, timing.connect(), epoch, inbox::add);
        var ticket = limiter.ticket(id, () -> tell(new ShardEvent.PermitGranted(epoch)));
        connection = Optional.of(new Connection(epoch, socket, decoder, ticket));
    }
}
