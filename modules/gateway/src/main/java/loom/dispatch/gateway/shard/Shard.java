package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.CloseReason;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.gateway.GatewayListener;
import loom.dispatch.gateway.GatewayLogEvents;
import loom.dispatch.gateway.SendOutcome;
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
import loom.dispatch.gateway.protocol.GatewayPayloads;
import loom.dispatch.gateway.protocol.GatewayUrl;
import loom.dispatch.gateway.protocol.MalformedFrameException;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Runs one shard: its thread feeds the state machine and executes the actions that the machine
 * requests.
 *
 * <p>Everything here belongs to the shard's thread except the inbox, the backlog and the admission.
 * The thread waits only for its inbox and its timers, so Redis and RabbitMQ never delay a
 * heartbeat. If the backlog is full, the thread leaves parts undecoded and requests no more.
 */
public final class Shard implements SupervisedLoop {
    private static final EventLog LOG = new EventLog("loom.dispatch.gateway");

    /** The interval at which a shard without a connection checks whether its backlog has room. */
    private static final Duration ROOM_CHECK = Duration.ofMillis(250);

    private static final Duration CLOSE_FRAME_WAIT = Duration.ofSeconds(1);

    private final int id;
    private final GatewayConfig config;
    private final ShardTimeouts timeouts;
    private final ShardMachine machine;
    private final GatewayPayloads payloads;
    private final IdentifyLimiter limiter;
    private final ConnectLimiters.Place place;
    private final HttpClient http;
    private final GatewayListener listener;
    private final ShardInbox inbox;
    private final Backlog backlog;
    private final EventReceiver receiver;
    private final ShardStats stats = new ShardStats();
    private final ShardTimers timers =
            new ShardTimers(System::nanoTime, RandomGenerator.of("L64X128MixRandom"));
    private final long originNanos = System.nanoTime();
    private final OutboundQueue outbound = new OutboundQueue(this::clockNanos);
    private final OutboundAdmission admission =
            new OutboundAdmission(
                    this::clockNanos, frame -> signal(new InboxSignal.Command(frame)));

    private final GatewayMessageHandler messages;

    private ShardState state = new ShardState.Idle();
    private Optional<ShardConnection> connection = Optional.empty();
    private CompletableFuture<?> closeFrame = CompletableFuture.completedFuture(null);

    public Shard(
            int id,
            GatewayConfig config,
            ShardTimeouts timeouts,
            IdentifyLimiter limiter,
            ConnectLimiters.Place place,
            HttpClient http,
            ScheduledExecutorService clock,
            BacklogBudget budget,
            Optional<Checkpoint> settled,
            Optional<Checkpoint> spooled,
            GatewayListener listener) {
        this.id = id;
        this.inbox = new ShardInbox(clock);
        this.config = config;
        this.timeouts = timeouts;
        this.machine = new ShardMachine(timeouts);
        this.payloads = new GatewayPayloads(config);
        this.limiter = limiter;
        this.place = place;
        this.http = http;
        this.listener = listener;
        this.backlog =
                new Backlog(
                        budget, settled, spooled, () -> inbox.add(new InboxSignal.BacklogRoom()));
        this.receiver = new EventReceiver(id, spooled.or(() -> settled), backlog, stats);
        this.messages =
                new GatewayMessageHandler(
                        id,
                        receiver,
                        outbound,
                        stats,
                        this::clockNanos,
                        new GatewayMessageHandler.Effects(
                                this::apply,
                                this::startIdleCheck,
                                () -> state instanceof ShardState.Resuming));
    }

    public int id() {
        return id;
    }

    public Backlog backlog() {
        return backlog;
    }

    public long receivedEvents() {
        return stats.receivedEvents();
    }

    ShardStats stats() {
        return stats;
    }

    public ShardSnapshot snapshot() {
        return stats.snapshot(id, backlog);
    }

    /** Adds an event for the state machine to the inbox. Any thread may call it. */
    public void signal(ShardEvent event) {
        signal(new InboxSignal.MachineInput(event));
    }

    /** Adds a signal to the inbox. Any thread may call it. */
    void signal(InboxSignal signal) {
        inbox.add(signal);
    }

    /** Returns the admission of frames to be sent. Any thread may use it. */
    public OutboundAdmission admission() {
        return admission;
    }

    /**
     * Requests a new connection. Any thread may call it; the outcome may complete on that thread
     * too.
     */
    public CompletableFuture<SendOutcome> reconnect() {
        var outcome = new CompletableFuture<SendOutcome>();
        signal(new InboxSignal.Reconnect(outcome));
        if (admission.closed()) {
            outcome.complete(new SendOutcome.NotConnected());
        }
        return outcome;
    }

    private long clockNanos() {
        return System.nanoTime() - originNanos;
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        try {
            apply(
                    new ShardEvent.Start(
                            receiver.session()
                                    .map(HandshakePlan::resume)
                                    .orElseGet(HandshakePlan.Identify::new)));
            while (!(state instanceof ShardState.Stopped)) {
                inbox.next(pulse, Math.min(timers.untilNextNanos(), outbound.untilDueNanos()))
                        .ifPresent(this::handle);
                fireTimers();
                outbound.sendDue(connection.filter(_ -> state instanceof ShardState.Ready));
            }
            endCommands();
        } finally {
            place.release();
            connection.ifPresent(open -> closeFrame = open.close(CloseReason.DRAINED));
            awaitCloseFrame();
        }
    }

    /**
     * Ends waiting frames if Discord refused the shard. After a drain they have no outcome, so that
     * RabbitMQ passes them to the next process.
     */
    private void endCommands() {
        if (state instanceof ShardState.Stopped(var _, ShardState.StopReason.Refused _)) {
            admission.close();
            for (var late = inbox.poll(); late.isPresent(); late = inbox.poll()) {
                if (late.get() instanceof InboxSignal.Command(var frame)) {
                    outbound.add(frame);
                } else if (late.get() instanceof InboxSignal.Reconnect(var outcome)) {
                    outcome.complete(new SendOutcome.NotConnected());
                }
            }
            outbound.end();
        }
    }

    /** Waits until the close frame was sent, because the process may end with this thread. */
    private void awaitCloseFrame() {
        closeFrame
                .completeOnTimeout(null, CLOSE_FRAME_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private void handle(InboxSignal signal) {
        switch (signal) {
            case InboxSignal.MachineInput(var event) -> apply(event);
            case InboxSignal.Part part ->
                    current(part.epoch()).ifPresent(open -> receivePart(open, part));
            case InboxSignal.Sent(var epoch) -> {
                current(epoch).ifPresent(ShardConnection::sent);
                outbound.wake();
            }
            case InboxSignal.Command(var frame) -> outbound.add(frame);
            case InboxSignal.Reconnect(var outcome) -> {
                apply(new ShardEvent.ReconnectCommanded());
                Thread.startVirtualThread(() -> outcome.complete(new SendOutcome.Sent()));
            }
            case InboxSignal.TimerFired _ -> {
                // the timers are checked after every signal
            }
            case InboxSignal.BacklogRoom _ -> connection.ifPresent(this::decodeWithheld);
        }
    }

    /** Returns the present connection if it has this epoch. */
    private Optional<ShardConnection> current(int epoch) {
        return connection.filter(open -> open.epoch() == epoch);
    }

    private void fireTimers() {
        for (Optional<Timer> due = timers.takeDue(); due.isPresent(); due = timers.takeDue()) {
            switch (due.get()) {
                case PAUSE -> pauseOver();
                case DEADLINE -> apply(new ShardEvent.DeadlinePassed(progress()));
                case IDLE_CHECK ->
                        connection
                                .map(ShardConnection::checkIdle)
                                .map(ShardEvent.IdleCheckDue::new)
                                .ifPresent(this::apply);
                case HEARTBEAT ->
                        apply(
                                new ShardEvent.HeartbeatDue(
                                        connection
                                                .filter(ShardConnection::takeReceived)
                                                .isPresent(),
                                        connection
                                                .filter(ShardConnection::withholding)
                                                .isPresent()));
            }
        }
    }

    private void startIdleCheck(ShardConnection open) {
        if (open.startIdleCheck()) {
            timers.start(ShardAction.StartTimer.exactly(Timer.IDLE_CHECK, timeouts.idle()));
        }
    }

    /**
     * Connects again, unless the backlog has no room: a connection whose events cannot be stored is
     * useless.
     */
    private void pauseOver() {
        if (backlog.hasRoom()) {
            apply(new ShardEvent.PauseOver());
        } else {
            timers.start(ShardAction.StartTimer.exactly(Timer.PAUSE, ROOM_CHECK));
        }
    }

    private boolean progress() {
        return connection
                .filter(open -> open.takeEventProgress() || open.withholding())
                .isPresent();
    }

    private void receivePart(ShardConnection open, InboxSignal.Part part) {
        open.received();
        if (open.withholding() || !backlog.hasRoom()) {
            open.withheld().add(part);
            stats.withholding(true);
        } else {
            decode(open, part);
        }
    }

    private void decodeWithheld(ShardConnection open) {
        while (open.withholding() && current(open.epoch()).isPresent() && backlog.hasRoom()) {
            decode(open, open.withheld().remove());
        }
        stats.withholding(open.withholding());
    }

    private void decode(ShardConnection open, InboxSignal.Part part) {
        try {
            if (open.decoder().feed(part.bytes(), part.last())) {
                MessageBuffer message = open.decoder().message();
                messages.handle(open, message.bytes(), message.length());
                message.clear();
            }
            open.decoded();
        } catch (MalformedFrameException e) {
            LOG.write(GatewayLogEvents.SHARD_CORRUPTED, id, e.getMessage());
            apply(new ShardEvent.Corrupted(open.epoch(), e.getMessage()));
        }
    }

    private void apply(ShardEvent event) {
        if (event instanceof ShardEvent.Failed || event instanceof ShardEvent.Closed) {
            current(((ShardEvent.OfConnection) event).epoch()).ifPresent(this::release);
        }
        ShardStep step = machine.step(state, event);
        state = step.state();
        stats.state(state);
        if (!(state instanceof ShardState.Opening)) {
            place.release();
        }
        step.actions().forEach(this::execute);
    }

    private void release(ShardConnection ended) {
        ended.release();
        connection = Optional.empty();
        stats.withholding(false);
    }

    private void execute(ShardAction action) {
        switch (action) {
            case ShardAction.RequestPlace(var epoch, var plan) ->
                    place.request(plan, () -> signal(new ShardEvent.PlaceGranted(epoch)));
            case ShardAction.Connect(var epoch, var plan) -> connect(epoch, plan);
            case ShardAction.Disconnect(var reason) ->
                    connection.ifPresent(open -> {
                        closeFrame = open.close(reason);
                        connection = Optional.empty();
                        stats.withholding(false);
                    });
            case ShardAction.RequestPermit _ ->
                    connection.ifPresent(open -> open.ticket().request());
            case ShardAction.ForbidIdentifies _ -> limiter.forbid();
            case ShardAction.SendIdentify _ ->
                    connection.ifPresent(open ->
                            open.sendIdentify(payloads.identify(id, outbound.takePresence())));
            case ShardAction.SendResume(var resumed) ->
                    connection.ifPresent(open -> {
                        open.send(payloads.resume(resumed, receiver.received()), () -> {});
                        startIdleCheck(open);
                    });
            case ShardAction.SendHeartbeat _ ->
                    connection.ifPresent(
                            open -> open.sendHeartbeat(receiver.received(), System.nanoTime()));
            case ShardAction.ForgetSession _ -> receiver.forgetSession();
            case ShardAction.StartTimer start -> timers.start(start);
            case ShardAction.StopTimer(var timer) -> timers.stop(timer);
            case ShardAction.StopTimers _ -> timers.stopAll();
            case ShardAction.Tell(var notice) -> listener.notice(id, notice);
        }
    }

    private void connect(int epoch, HandshakePlan plan) {
        URI url = GatewayUrl.of(plan.url(config.url()), config.compression());
        var socket = GatewaySocket.open(http, url, timeouts.connect(), epoch, inbox::add);
        var ticket = limiter.ticket(id, () -> signal(new ShardEvent.PermitGranted(epoch)));
        var decoder = MessageDecoder.of(config.compression());
        connection =
                Optional.of(new ShardConnection(epoch, socket, decoder, ticket, this::clockNanos));
    }
}
