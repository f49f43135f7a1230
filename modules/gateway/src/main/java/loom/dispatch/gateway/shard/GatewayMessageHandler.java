package loom.dispatch.gateway.shard;

import loom.dispatch.gateway.GatewayLogEvents;
import loom.dispatch.gateway.Session;
import loom.dispatch.gateway.backlog.EventReceiver;
import loom.dispatch.gateway.backlog.ShardStats;
import loom.dispatch.gateway.machine.ShardEvent;
import loom.dispatch.gateway.outbound.OutboundQueue;
import loom.dispatch.gateway.outbound.RateLimitedEvent;
import loom.dispatch.gateway.protocol.EnvelopeScanner;
import loom.dispatch.gateway.protocol.GatewayPayloads;
import loom.dispatch.gateway.protocol.MalformedFrameException;
import loom.dispatch.gateway.protocol.MessageEnvelope;
import loom.dispatch.gateway.protocol.Opcode;
import loom.dispatch.runtime.EventLog;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Handles the gateway messages of one shard by their opcode: passes dispatches to the backlog and
 * everything that changes the connection to the state machine. Owner: the shard's thread.
 */
final class GatewayMessageHandler {
    private static final EventLog LOG = new EventLog("loom.dispatch.gateway");

    /**
     * What a message may cause in the shard.
     *
     * @param apply gives an event to the state machine
     * @param startIdleCheck starts the idle check of the connection
     * @param resuming whether the shard receives the replay of a RESUME
     */
    record Effects(
            Consumer<ShardEvent> apply,
            Consumer<ShardConnection> startIdleCheck,
            BooleanSupplier resuming) {}

    private final int shard;
    private final EventReceiver receiver;
    private final OutboundQueue outbound;
    private final ShardStats stats;
    private final LongSupplier clock;
    private final Effects effects;

    /**
     * Creates the handler of one shard.
     *
     * @param clock the shard's clock, in nanoseconds
     */
    GatewayMessageHandler(
            int shard,
            EventReceiver receiver,
            OutboundQueue outbound,
            ShardStats stats,
            LongSupplier clock,
            Effects effects) {
        this.shard = shard;
        this.receiver = receiver;
        this.outbound = outbound;
        this.stats = stats;
        this.clock = clock;
        this.effects = effects;
    }

    /**
     * Handles one whole message.
     *
     * @param length the number of bytes that belong to the message
     * @throws MalformedFrameException if the message cannot be read
     */
    void handle(ShardConnection open, byte[] bytes, int length) throws MalformedFrameException {
        MessageEnvelope envelope = EnvelopeScanner.scan(bytes, length);
        int epoch = open.epoch();
        switch (envelope.op()) {
            case Opcode.DISPATCH -> handleDispatch(open, bytes, envelope);
            case Opcode.HEARTBEAT -> {
                if (open.budget().mayAnswerRequest(clock.getAsLong())) {
                    effects.apply().accept(new ShardEvent.HeartbeatRequested(epoch));
                }
            }
            case Opcode.RECONNECT ->
                    effects.apply().accept(new ShardEvent.ReconnectRequested(epoch));
            case Opcode.INVALID_SESSION ->
                    effects.apply()
                            .accept(
                                    new ShardEvent.SessionInvalidated(
                                            epoch, bytes[envelope.dataStart()] == 't'));
            case Opcode.HELLO -> {
                long intervalMillis = GatewayPayloads.heartbeatIntervalMillis(bytes, envelope);
                open.budget().setHeartbeatInterval(intervalMillis);
                effects.apply().accept(new ShardEvent.Hello(epoch, intervalMillis));
            }
            case Opcode.HEARTBEAT_ACK ->
                    stats.acknowledged(Instant.now(), open.takeLatencyNanos(System.nanoTime()));
            default -> LOG.write(GatewayLogEvents.SHARD_UNKNOWN_OPCODE, shard, envelope.op());
        }
    }

    /** Handles a dispatch: the event enters the backlog before it may change the shard's state. */
    private void handleDispatch(ShardConnection open, byte[] bytes, MessageEnvelope envelope)
            throws MalformedFrameException {
        if (envelope.sequence() < 0 || envelope.type().isEmpty()) {
            throw new MalformedFrameException("a dispatch without s or t");
        }
        Optional<ShardEvent> change = Optional.empty();
        if (receiver.awaitsReady() && !envelope.type().equals("READY")) {
            // after a RESUME from sequence 0 without READY, only a new session brings the guilds
            effects.apply().accept(new ShardEvent.SessionInvalidated(open.epoch(), false));
            return;
        }
        if (envelope.type().equals("READY")) {
            Session started = GatewayPayloads.session(bytes, envelope);
            receiver.beginSession(started);
            change = Optional.of(new ShardEvent.ReadyReceived(open.epoch(), started));
        } else if (envelope.type().equals("RESUMED")) {
            change = Optional.of(new ShardEvent.ResumedReceived(open.epoch()));
        } else if (envelope.type().equals("RATE_LIMITED")) {
            RateLimitedEvent.read(bytes, envelope).ifPresent(outbound::refused);
        }
        open.eventArrived();
        effects.startIdleCheck().accept(open);
        receiver.receive(bytes, envelope, effects.resuming().getAsBoolean());
        change.ifPresent(effects.apply());
    }
}
