package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.gateway.GatewayListener;
import loom.dispatch.gateway.GatewayLogEvents;
import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.ShardSnapshot;
import loom.dispatch.gateway.backlog.Backlog;
import loom.dispatch.gateway.backlog.BacklogBudget;
import loom.dispatch.gateway.backlog.EventReceiver;
import loom.dispatch.gateway.backlog.ShardStats;
import loom.dispatch.gateway.compression.MessageBuffer;
import loom.dispatch.gateway.compression.MessageDecoder;
import loom.dispatch.gateway.limits.ConnectLimiters;
import loom.dispatch.gateway.limits.IdentifyLimiter;
import loom.dispatch.gateway.machine.HandshakePlan;
import loom.dispatch.gateway.machine.ShardAction;
import loom.dispatch.gateway.machine.ShardAction.Timer;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.machine.ShardMachine;
import loom.dispatch.gateway.machine.ShardState;
import loom.dispatch.gateway.machine.ShardStep;
import loom.dispatch.gateway.machine.ShardTimeouts;
import loom.dispatch.gateway.machine.ShardTimers;
import loom.dispatch.gateway.outbound.OutboundAdmission;
import loom.dispatch.gateway.outbound.OutboundQueue;
import loom.dispatch.gateway.outbound.RateLimitedEvent;
import loom.dispatch.gateway.protocol.EnvelopeScanner;
import loom.dispatch.gateway.protocol.GatewayPayloads;
import loom.dispatch.gateway.protocol.GatewayUrl;
import loom.dispatch.gateway.protocol.MalformedFrameException;
import loom.dispatch.gateway.protocol.MessageEnvelope;
import loom.dispatch.gateway.protocol.Opcode;
import loom.dispatch.runtime.EventLog;

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
public final class Shard implements Runnable {
    private static final EventLog LOG = new EventLog("loom.dispatch.gateway");

    /** How often a shard without a connection looks whether its backlog has room again. */
    private static final Duration ROOM_CHECK = Duration.ofMillis(250);

    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final int id;
    private final GatewayConfig config;
    private final ShardTimeouts timing;
    private final ShardMachine machine;
    private final GatewayPayloads payloads;
    private final IdentifyLimiter limiter;
    private final ConnectLimiters.Place place;
    private final HttpClient http;
    private final GatewayListener listener;
    private final ShardInbox inbox;
    private final Backlog backlog;
    private final EventReceiver intake;
    private final ShardStats vitals = new ShardStats();
    private final ShardTimers timers =
            new ShardTimers(System::nanoTime, RandomGenerator.of("L64X128MixRandom"));
    private final long originNanos = System.nanoTime();
    private final OutboundQueue outbox = new OutboundQueue(this::clockNanos);
    private final OutboundAdmission entrance =
            new OutboundAdmission(this::clockNanos, frame -> tell(new InboxSignal.Command(frame)));

    private ShardState state = new ShardState.Idle();
    private Optional<ShardConnection> connection = Optional.empty();
    private CompletableFuture<?> farewell = CompletableFuture.completedFuture(null);

    public Shard(
            int id,
            GatewayConfig config,
            ShardTimeouts timing,
            IdentifyLimiter limiter,
            ConnectLimiters.Place place,
            HttpClient http,
            ScheduledExecutorService clock,
            BacklogBudget budget,
            Optional<Checkpoint> settled,
            Optional<Checkpoint> spooled,
            GatewayListener listener) {
        this.id = id;
        this.inbox = new ShardInbox(clock, vitals);
        this.config = config;
        this.timing = timing;
        this.machine = new ShardMachine(timing);
        this.payloads = new GatewayPayloads(config);
        this.limiter = limiter;
        this.place = place;
        this.http = http;
        this.listener = listener;
        this.backlog =
                new Backlog(budget, settled, spooled, () -> inbox.add(new InboxSignal.Room()));
        this.intake = new EventReceiver(id, spooled.or(() -> settled), backlog, vitals);
    }

    public int id() {
        return id;
    }

    public Backlog backlog() {
        return backlog;
    }

    public long receivedEvents() {
        return vitals.receivedEvents();
    }

    /** Whether its thread should have looked up longer ago than this; from any thread. */
    public boolean isOverdue(Duration beyond) {
        return vitals.overdueNanos(System.nanoTime()) > beyond.toNanos();
    }

    ShardStats vitals() {
        return vitals;
    }

    public ShardSnapshot snapshot() {
        return vitals.snapshot(id, backlog);
    }

    /** Puts an event into the inbox; from any thread. */
    public void tell(ShardEvent event) {
        tell(new InboxSignal.Happened(event));
    }

    /** The same for any signal. */
    void tell(InboxSignal signal) {
        inbox.add(signal);
    }

    /** The way in for what is to be sent; for any thread. */
    public OutboundAdmission entrance() {
        return entrance;
    }

    /** Gives it a fresh connection; from any thread, which the outcome comes on too. */
    public CompletableFuture<SendOutcome> reconnect() {
        var outcome = new CompletableFuture<SendOutcome>();
        tell(new InboxSignal.Reconnect(outcome));
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
                            intake.session()
                                    .map(HandshakePlan::resume)
                                    .orElseGet(HandshakePlan.Identify::new)));
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
            connection.ifPresent(left -> left.close(CloseReason.DRAINED));
            awaitFarewell();
        }
    }

    /** After a drain what waits is left alone: RabbitMQ hands it to the next process. */
    private void endCommands() {
        if (state instanceof ShardState.Stopped(var _, ShardState.Why.Refused _)) {
            entrance.close();
            for (var late = inbox.poll(); late.isPresent(); late = inbox.poll()) {
                if (late.get() instanceof InboxSignal.Command(var frame)) {
                    outbox.add(frame);
                } else if (late.get() instanceof InboxSignal.Reconnect(var outcome)) {
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

    private void handle(InboxSignal signal) {
        switch (signal) {
            case InboxSignal.Happened(var event) -> happened(event);
            case InboxSignal.Part part ->
                    current(part.epoch()).ifPresent(open -> arrived(open, part));
            case InboxSignal.Sent(var epoch) -> {
                current(epoch).ifPresent(ShardConnection::sent);
                outbox.wake();
            }
            case InboxSignal.Command(var frame) -> outbox.add(frame);
            case InboxSignal.Reconnect(var outcome) -> {
                happened(new ShardEvent.ReconnectCommanded());
                Thread.startVirtualThread(() -> outcome.complete(new SendOutcome.Sent()));
            }
            case InboxSignal.Alarmed _ -> {
                // the timers are looked at after every signal
            }
            case InboxSignal.Room _ -> connection.ifPresent(this::decodeWithheld);
        }
    }

    /** The connection with this epoch, if it is still the one we have. */
    private Optional<ShardConnection> current(int epoch) {
        return connection.filter(open -> open.epoch() == epoch);
    }

    private void fireTimers() {
        for (Optional<Timer> due = timers.takeDue(); due.isPresent(); due = timers.takeDue()) {
            switch (due.get()) {
                case PAUSE -> pauseOver();
                case DEADLINE -> happened(new ShardEvent.DeadlinePassed(progress()));
                case PROBE ->
                        connection
                                .map(ShardConnection::look)
                                .map(ShardEvent.ProbeDue::new)
                                .ifPresent(this::happened);
                case HEARTBEAT ->
                        happened(
                                new ShardEvent.HeartbeatDue(
                                        connection.filter(ShardConnection::takeHeard).isPresent(),
                                        connection
                                                .filter(ShardConnection::withholding)
                                                .isPresent()));
            }
        }
    }

    private void expectMore(ShardConnection open) {
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

    private void arrived(ShardConnection open, InboxSignal.Part part) {
        open.hear();
        if (open.withholding() || !backlog.hasRoom()) {
            open.withheld().add(part);
            vitals.withholding(true);
        } else {
            decode(open, part);
        }
    }

    private void decodeWithheld(ShardConnection open) {
        while (open.withholding() && current(open.epoch()).isPresent() && backlog.hasRoom()) {
            decode(open, open.withheld().remove());
        }
        vitals.withholding(open.withholding());
    }

    private void decode(ShardConnection open, InboxSignal.Part part) {
        try {
            if (open.decoder().feed(part.bytes(), part.last())) {
                MessageBuffer message = open.decoder().message();
                understand(open, message.bytes(), message.length());
                message.clear();
            }
            open.decoded();
        } catch (MalformedFrameException e) {
            LOG.write(GatewayLogEvents.SHARD_CORRUPTED, id, e.getMessage());
            happened(new ShardEvent.Corrupted(open.epoch(), e.getMessage()));
        }
    }

    private void understand(ShardConnection open, byte[] bytes, int length)
            throws MalformedFrameException {
        MessageEnvelope envelope = EnvelopeScanner.scan(bytes, length);
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
                long intervalMillis = GatewayPayloads.heartbeatIntervalMillis(bytes, envelope);
                open.budget().heartbeatsEvery(intervalMillis);
                happened(new ShardEvent.Hello(epoch, intervalMillis));
            }
            case Opcode.HEARTBEAT_ACK ->
                    vitals.acknowledged(Instant.now(), open.takeLatencyNanos(System.nanoTime()));
            default -> LOG.write(GatewayLogEvents.SHARD_UNKNOWN_OPCODE, id, envelope.op());
        }
    }

    /** An event: it joins the backlog first, and only then may change the shard's state. */
    private void dispatched(ShardConnection open, byte[] bytes, MessageEnvelope envelope)
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
            Session begun = GatewayPayloads.session(bytes, envelope);
            intake.begin(begun);
            change = Optional.of(new ShardEvent.ReadyReceived(open.epoch(), begun));
        } else if (envelope.type().equals("RESUMED")) {
            change = Optional.of(new ShardEvent.ResumedReceived(open.epoch()));
        } else if (envelope.type().equals("RATE_LIMITED")) {
            RateLimitedEvent.read(bytes, envelope).ifPresent(outbox::refused);
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
        ShardStep step = machine.step(state, event);
        state = step.state();
        vitals.state(state);
        if (!(state instanceof ShardState.Opening)) {
            place.free();
        }
        step.actions().forEach(this::act);
    }

    private void forget(ShardConnection gone) {
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

    private void connect(int epoch, HandshakePlan plan) {
        URI base =
                plan instanceof HandshakePlan.Resume(var resumed, var onMainUrl) && !onMainUrl
                        ? resumed.resumeUrl().orElse(config.url())
                        : config.url();
        URI url = GatewayUrl.of(base, config.compression());
        var socket = GatewaySocket.open(http, url, timing.connect(), epoch, inbox::add);
        var ticket = limiter.ticket(id, () -> tell(new ShardEvent.PermitGranted(epoch)));
        var decoder = MessageDecoder.of(config.compression());
        connection =
                Optional.of(new ShardConnection(epoch, socket, decoder, ticket, this::clockNanos));
    }
}
