package loom.dispatch.simulator.gateway;

import static loom.dispatch.simulator.world.Json.of;

import loom.dispatch.simulator.ClientActionRecorder;
import loom.dispatch.simulator.SimulatorConfig;
import loom.dispatch.simulator.wire.FaultState;
import loom.dispatch.simulator.wire.GatewayCloseCode;
import loom.dispatch.simulator.world.IdentifyRequest;
import loom.dispatch.simulator.world.IntentBits;
import loom.dispatch.simulator.world.Json;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Validates each client message and answers it, in the order of checks of protocol section 10.1.
 * Used by the connection's reader thread only.
 */
final class ClientMessageHandler {
    /** The window of Discord's limit of 120 client messages (section 1.7). */
    private static final long SEND_WINDOW_NANOS = 60_000_000_000L;

    private static final int MAX_BYTES = 4_096;

    private final ConnectionWriter connection;
    private final SimulatedGateway gateway;
    private final SimulatorConfig config;
    private final FaultState faults;
    private final ClientRequestHandler requests;
    private final Deque<Long> sentNanos = new ArrayDeque<>();

    ClientMessageHandler(
            ConnectionWriter connection,
            SimulatedGateway gateway,
            SimulatorConfig config,
            FaultState faults,
            ClientRequestHandler requests) {
        this.connection = connection;
        this.gateway = gateway;
        this.config = config;
        this.faults = faults;
        this.requests = requests;
    }

    /** Sends HELLO. It runs {@code beforeHello} just before. */
    void hello(Runnable beforeHello) {
        if (faults.helloCloseCode != 0) {
            connection.close(faults.helloCloseCode, "Simulated.");
            return;
        }
        faults.messagesBeforeHello.forEach(connection::sendRaw);
        long interval = faults.helloIntervalMillis;
        Map<String, Object> d =
                of(
                        "heartbeat_interval",
                        interval < 0 ? config.heartbeatInterval().toMillis() : interval,
                        "_trace",
                        List.of("[\"gateway-sim\",{}]"));
        if (!faults.helloWithheld) {
            after(
                    faults.helloDelayMillis,
                    () -> {
                        beforeHello.run();
                        connection.send(GatewayOpcode.HELLO, d);
                    });
        }
    }

    private static void after(long millis, Runnable action) {
        if (millis == 0) {
            action.run();
        } else {
            DelayedTask.run(millis, action);
        }
    }

    void take(byte[] bytes) {
        long now = System.nanoTime();
        Object parsed = null;
        try {
            parsed = bytes.length > MAX_BYTES ? null : Json.parse(bytes);
        } catch (IOException e) {
            // Not JSON: null gets the same answer as any value that is not an object.
            parsed = null;
        }
        Map<String, Object> message = parsed instanceof Map<?, ?> map ? Json.typed(map) : of();
        int op = message.get("op") instanceof Integer number ? number : -1;
        connection
                .record()
                .frame(
                        new ClientActionRecorder.Frame(
                                op, Collections.unmodifiableMap(message), now));
        if (overLimit(now)) {
            connection.close(GatewayCloseCode.RATE_LIMITED);
        } else if (!message.containsKey("op") || !(message.get("op") instanceof Integer)) {
            connection.close(GatewayCloseCode.DECODE_ERROR);
        } else {
            take(op, message.get("d"), now);
        }
    }

    private boolean overLimit(long now) {
        while (!sentNanos.isEmpty() && now - sentNanos.peekFirst() >= SEND_WINDOW_NANOS) {
            sentNanos.removeFirst();
        }
        sentNanos.addLast(now);
        return sentNanos.size() > config.sendLimit();
    }

    private void take(int op, Object d, long now) {
        boolean authenticated = connection.session().isPresent();
        switch (op) {
            case GatewayOpcode.HEARTBEAT -> heartbeat(d, now);
            case GatewayOpcode.IDENTIFY, GatewayOpcode.RESUME -> {
                if (authenticated) {
                    connection.close(GatewayCloseCode.ALREADY_AUTHENTICATED);
                } else if (!(d instanceof Map<?, ?> map)) {
                    connection.close(GatewayCloseCode.UNKNOWN_OPCODE);
                } else if (!answeredByFault(op)) {
                    authenticate(op, Json.typed(map));
                }
            }
            case GatewayOpcode.PRESENCE_UPDATE,
                    GatewayOpcode.VOICE_STATE_UPDATE,
                    GatewayOpcode.REQUEST_GUILD_MEMBERS,
                    GatewayOpcode.REQUEST_SOUNDBOARD_SOUNDS,
                    GatewayOpcode.REQUEST_CHANNEL_INFO -> {
                if (!authenticated) {
                    connection.close(GatewayCloseCode.NOT_AUTHENTICATED);
                } else if (!requests.take(connection.session().get(), op, d)) {
                    connection.close(GatewayCloseCode.UNKNOWN_OPCODE);
                }
            }
            default ->
                    connection.close(
                            authenticated
                                    ? GatewayCloseCode.UNKNOWN_OPCODE
                                    : GatewayCloseCode.NOT_AUTHENTICATED);
        }
    }

    private void authenticate(int op, Map<String, Object> d) {
        if (op == GatewayOpcode.IDENTIFY) {
            identify(d);
        } else {
            resume(d);
        }
    }

    /** Returns true if a fault has answered instead. */
    private boolean answeredByFault(int op) {
        boolean identify = op == GatewayOpcode.IDENTIFY;
        int code = identify ? faults.identifyCloseCode : faults.resumeCloseCode;
        boolean refused = identify ? faults.identifyRefused : faults.resumeRefused;
        List<byte[]> other = identify ? faults.identifyAnswer : faults.resumeAnswer;
        if (code != 0) {
            connection.close(code, "Simulated.");
        } else if (refused) {
            connection.send(GatewayOpcode.INVALID_SESSION, false);
        } else {
            other.forEach(connection::sendRaw);
        }
        return code != 0 || refused || !other.isEmpty();
    }

    private void heartbeat(Object d, long now) {
        if (d != null && !(d instanceof Number)) {
            connection.close(GatewayCloseCode.UNKNOWN_OPCODE);
            return;
        }
        connection
                .record()
                .heartbeat(
                        d instanceof Number n
                                ? OptionalLong.of(n.longValue())
                                : OptionalLong.empty(),
                        now);
        if (faults.acksStopped) {
            return;
        }
        after(faults.ackDelayMillis, () -> connection.send(GatewayOpcode.HEARTBEAT_ACK, null));
    }

    private void identify(Map<String, Object> d) {
        if (!(d.get("token") instanceof String token) || !gateway.accepts(token)) {
            connection.close(GatewayCloseCode.AUTHENTICATION_FAILED);
            return;
        }
        if (!(d.get("intents") instanceof Integer intents) || (intents & ~IntentBits.ALL) != 0) {
            connection.close(GatewayCloseCode.INVALID_INTENTS);
            return;
        }
        if ((intents & ~config.allowedIntents()) != 0) {
            connection.close(GatewayCloseCode.DISALLOWED_INTENTS);
            return;
        }
        Object shard = d.getOrDefault("shard", List.of(0, 1));
        if (!(shard instanceof List<?> pair
                && pair.size() == 2
                && pair.get(0) instanceof Integer id
                && pair.get(1) instanceof Integer count
                && id >= 0
                && id < count
                && count % config.shardMultiple() == 0)) {
            connection.close(GatewayCloseCode.INVALID_SHARD);
            return;
        }
        if (d.get("presence") != null && !ClientRequestHandler.presence(d.get("presence"))) {
            connection.close(GatewayCloseCode.UNKNOWN_OPCODE);
            return;
        }
        int large = d.get("large_threshold") instanceof Integer n ? Math.clamp(n, 50, 250) : 50;
        boolean compress = Boolean.TRUE.equals(d.get("compress"));
        connection.record().belongsTo(id);
        IdentifyRequest identity = new IdentifyRequest(id, count, intents, large, compress);
        if (!faults.readyWithheld) {
            after(faults.readyDelayMillis, () -> answer(gateway.identify(connection, identity)));
        }
    }

    private void resume(Map<String, Object> d) {
        if (!(d.get("session_id") instanceof String sessionId)
                || !(d.get("seq") instanceof Number sequence)) {
            connection.close(GatewayCloseCode.UNKNOWN_OPCODE);
        } else if (!(d.get("token") instanceof String token) || !gateway.accepts(token)) {
            connection.close(GatewayCloseCode.AUTHENTICATION_FAILED);
        } else {
            answer(gateway.resume(connection, sessionId, sequence.longValue()));
        }
    }

    private void answer(SimulatedGateway.Outcome outcome) {
        switch (outcome) {
            case SimulatedGateway.Outcome.Accepted accepted -> {}
            case SimulatedGateway.Outcome.Closed closed -> connection.close(closed.code());
            case SimulatedGateway.Outcome.Invalid invalid -> {
                long longest = config.identifyRefusalDelay().toMillis();
                long delay = invalid.late() ? ThreadLocalRandom.current().nextLong(longest + 1) : 0;
                DelayedTask.run(delay, () -> connection.send(GatewayOpcode.INVALID_SESSION, false));
            }
        }
    }
}
