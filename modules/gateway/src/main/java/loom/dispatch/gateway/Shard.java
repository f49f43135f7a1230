package loom.dispatch.gateway;

import loom.dispatch.gateway.ShardAction.Timer;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One shard: the thread that feeds the state machine and does what it decides.
 *
 * <p>Everything here belongs to the shard's thread but the inbox, the backlog and the entrance. The
 * thread waits for nothing but its inbox and its timers, so heartbeats are never late for Redis or
 * RabbitMQ: when the backlog is full it leaves parts undecoded and asks for no more.
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
    private final ConnectGates.Place place;
    private final HttpClient http;
    private final GatewayListener listener;
    private final Inbox inbox;
    private final Backlog backlog;
    private final Intake intake;
    private final Vitals vitals = new Vitals();
    private final Timers timers =
            new Timers(System::nanoTime, RandomGenerator.of("L64X128MixRandom"));
    private final long originNanos = System.nanoTime();
    private final Outbox outbox = new Outbox(this::clockNanos);
    private final Entrance entrance =
            new Entrance(this::clockNanos, frame -> tell(new Signal.Command(frame)));

    private ShardState state = new ShardState.Idle();
    private Optional<Connection> connection = Optional.empty();
    private CompletableFuture<?> farewell = CompletableFuture.completedFuture(null);

    Shard(
            int id,
            GatewayConfig config,
            Timing timing,
            IdentifyLimiter limiter,
            ConnectGates.Place place,
            HttpClient http,
            ScheduledExecutorService clock,
            BacklogBudget budget,
            Optional<Checkpoint> settled,
            Optional<Checkpoint> spooled,
            GatewayListener listener) {
        this.id = id;
        this.inbox = new Inbox(clock, vitals);
        this.config = config;
        this.timing = timing;
        this.machine = new ShardMachine(timing);
        this.payloads = new Payloads(config);
        this.limiter = limiter;
        this.place = place;
        this.http = http;
        this.listener = listener;
        this.backlog = new Backlog(budget, settled, spooled, () -> inbox.add(new Signal.Room()));
        this.intake = new Intake(id, spooled.or(() -> settled), backlog, vitals);
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

    /** Whether its thread should have looked up longer ago than this; from any thread. */
    boolean isOverdue(Duration beyond) {
        return vitals.overdueNanos(System.nanoTime()) > beyond.toNanos();
    }

    Vitals vitals() {
        return vitals;
    }

    ShardSnapshot snapshot() {
        return vitals.snapshot(id, backlog);
    }

    /** Puts an event into the inbox; from any thread. */
    void tell(ShardEvent event) {
        tell(new Signal.Happened(event));
    }

    /** The same for any signal. */
    void tell(Signal signal) {
        inbox.add(signal);
    }

    /** The way in for what is to be sent; for any thread. */
    Entrance entrance() {
        return entrance;
    }

    /** Gives it a fresh connection; from any thread, which the outcome comes on too. */
    CompletableFuture<SendOutcome> reconnect() {
        var outcome = new CompletableFuture<SendOutcome>();
        tell(new Signal.Reconnect(outcome));
        if (entrance.closed()) {
            outcome.complete(new SendOutcome.NotConnected());
        }
        return outcome;
    }

    private long clockNanos() {
        return System.nanoTime() - originNanos;
    }

    @Override
    public void run() {
        try {
            happened(
                    new ShardEvent.Start(
                            intake.session().map(Plan::resume).orElseGet(Plan.Identify::new)));
            while (!(state instanceof ShardState.Stopped)) {
                inbox.next(Math.min(timers.untilNextNanos(), outbox.untilDueNanos()))
                        .ifPresent(this::handle);
                fireTimers();
                outbox.pump(connection.filter(_ -> state instanceof ShardState.Ready));
            }
            endCommands();
        } catch (InterruptedException _) {
            // the gateway is closing without a drain
        } catch (Throwable e) {
            listener.died(id, e);
        } finally {
            vitals.ended();
            place.free();
            connection.ifPresent(left -> left.close(Goodbye.DRAINED));
            awaitFarewell();
        }
    }

    /** After a drain what waits is left alone: RabbitMQ hands it to the next process. */
    private void endCommands() {
        if (state instanceof ShardState.Stopped(var _, ShardState.Why.Refused _)) {
            entrance.close();
            for (var late = inbox.poll(); late.isPresent(); late = inbox.poll()) {
                if (late.get() instanceof Signal.Command(var frame)) {
                    outbox.add(frame);
                } else if (late.get() instanceof Signal.Reconnect(var outcome)) {
                    outcome.complete(new SendOutcome.NotConnected());
                }
            }
            outbox.end();
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
            case Signal.Sent(var epoch) -> {
                current(epoch).ifPresent(Connection::sent);
                outbox.wake();
            }
            case Signal.Command(var frame) -> outbox.add(frame);
            case Signal.Reconnect(var outcome) -> {
                happened(new ShardEvent.ReconnectCommanded());
                Thread.startVirtualThread(() -> outcome.complete(new SendOutcome.Sent()));
            }
            case Signal.Alarmed _ -> {
                // the timers are looked at after every signal
            }
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
                case PROBE ->
                        connection
                                .map(Connection::look)
                                .map(ShardEvent.ProbeDue::new)
                                .ifPresent(this::happened);
                case HEARTBEAT ->
                        happened(
                                new ShardEvent.HeartbeatDue(
                                        connection.filter(Connection::takeHeard).isPresent(),
                                        connection.filter(Connection::withholding).isPresent()));
            }
        }
    }

    private void expectMore(Connection open) {
        if (open.expectMore()) {
            timers.start(ShardAction.StartTimer.exactly(Timer.PROBE, timing.idle()));
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
            case Opcode.HEARTBEAT -> {
                if (open.budget().mayAnswer(clockNanos())) {
                    happened(new ShardEvent.HeartbeatRequested(epoch));
                }
            }
            case Opcode.RECONNECT -> happened(new ShardEvent.ReconnectRequested(epoch));
            case Opcode.INVALID_SESSION ->
                    happened(
                            new ShardEvent.SessionInvalidated(
                                    epoch, bytes[envelope.dataStart()] == 't'));
            case Opcode.HELLO -> {
                long intervalMillis = Payloads.heartbeatIntervalMillis(bytes, envelope);
                open.budget().heartbeatsEvery(intervalMillis);
                happened(new ShardEvent.Hello(epoch, intervalMillis));
            }
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
        if (intake.awaitsReady() && !envelope.type().equals("READY")) {
            // resumed from 0 and not told of READY: only a new session will bring the guilds
            happened(new ShardEvent.SessionInvalidated(open.epoch(), false));
            return;
        }
        if (envelope.type().equals("READY")) {
            Session begun = Payloads.session(bytes, envelope);
            intake.begin(begun);
            change = Optional.of(new ShardEvent.ReadyReceived(open.epoch(), begun));
        } else if (envelope.type().equals("RESUMED")) {
            change = Optional.of(new ShardEvent.ResumedReceived(open.epoch()));
        } else if (envelope.type().equals("RATE_LIMITED")) {
            RateLimit.read(bytes, envelope).ifPresent(outbox::refused);
        }
        open.progress();
        expectMore(open);
        intake.take(bytes, envelope, state instanceof ShardState.Resuming);
        change.ifPresent(this::happened);
    }

    private void happened(ShardEvent event) {
        if (event instanceof ShardEvent.Failed || event instanceof ShardEvent.Closed) {
            current(((ShardEvent.OfConnection) event).epoch()).ifPresent(this::forget);
        }
        Step step = machine.step(state, event);
        state = step.state();
        vitals.state(state);
        if (!(state instanceof ShardState.Opening)) {
            place.free();
        }
        step.actions().forEach(this::act);
    }

    private void forget(Connection gone) {
        gone.release();
        connection = Optional.empty();
        vitals.withholding(false);
    }

    private void act(ShardAction action) {
        switch (action) {
            case ShardAction.AskPlace(var epoch, var plan) ->
                    place.ask(plan, () -> tell(new ShardEvent.PlaceGranted(epoch)));
            case ShardAction.Connect(var epoch, var plan) -> connect(epoch, plan);
            case ShardAction.Disconnect(var goodbye) ->
                    connection.ifPresent(open -> {
                        open.close(goodbye);
                        connection = Optional.empty();
                        vitals.withholding(false);
                    });
            case ShardAction.AskPermit _ -> connection.ifPresent(open -> open.ticket().ask());
            case ShardAction.ForbidIdentifies _ -> limiter.forbid();
            case ShardAction.SendIdentify _ ->
                    connection.ifPresent(open ->
                            open.sendIdentify(payloads.identify(id, outbox.takePresence())));
            case ShardAction.SendResume(var resumed) ->
                    connection.ifPresent(open -> {
                        open.send(payloads.resume(resumed, intake.received()), () -> {});
                        expectMore(open);
                    });
            case ShardAction.SendHeartbeat _ ->
                    connection.ifPresent(
                            open -> open.sendHeartbeat(intake.received(), System.nanoTime()));
            case ShardAction.ForgetSession _ -> intake.forgetSession();
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
        URI url = GatewayUrl.of(base, config.compression());
        var socket = GatewaySocket.open(http, url, timing.connect(), epoch, inbox::add);
        var ticket = limiter.ticket(id, () -> tell(new ShardEvent.PermitGranted(epoch)));
        var decoder = FrameDecoder.of(config.compression());
        connection = Optional.of(new Connection(epoch, socket, decoder, ticket, this::clockNanos));
    }
}
