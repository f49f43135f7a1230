package loom.dispatch.app.pipeline;

import loom.dispatch.broker.Broker;
import loom.dispatch.broker.Command;
import loom.dispatch.broker.CommandHandler;
import loom.dispatch.broker.CommandResult;
import loom.dispatch.broker.LocalShards;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.gateway.OutboundFrame;
import loom.dispatch.gateway.SendOutcome;
import loom.dispatch.metrics.MetricFamily;
import loom.dispatch.metrics.MetricFamily.Sample;
import loom.dispatch.metrics.Metrics;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Passes commands from RabbitMQ to their shards, and returns their results. The broker's thread
 * calls it; any thread completes the result.
 *
 * <p>This class converts the command to a gateway frame. The gateway decides whether and when to
 * send it.
 */
public final class CommandDispatcher implements CommandHandler {
    private final Gateway gateway;

    private CommandDispatcher(Gateway gateway) {
        this.gateway = gateway;
    }

    /** Starts the processing of this process's commands, and counts them. */
    public static void begin(
            Broker broker, Gateway gateway, GatewayConfig config, Metrics metrics) {
        var commands = new CommandDispatcher(gateway);
        metrics.add(() -> commands.families(broker));
        broker.commands(
                new LocalShards(config.firstShard(), config.lastShard(), config.totalShards()),
                commands);
    }

    @Override
    public CompletionStage<CommandResult> handle(Command command, CommandHandler.Context context) {
        return switch (command) {
            case Command.Reconnect(int shard) ->
                    gateway.reconnect(shard).thenApply(outcome -> result(shard, outcome, ""));
            case Command.Send(int shard, byte[] frame) -> send(shard, frame, "data.", context);
            case Command.Presence(int shard, byte[] data) -> {
                String d = new String(data, StandardCharsets.UTF_8);
                String mine = d.replace("{{shard}}", Integer.toString(shard));
                yield send(shard, frame(3, mine), "", context);
            }
            case Command.RequestMembers request -> {
                try {
                    String d = MemberRequestCompletion.complete(request, context.correlationId());
                    yield send(request.shard(), frame(8, d), "", context);
                } catch (MemberRequestCompletion.Unfit unfit) {
                    yield CompletableFuture.completedFuture(unfit.result());
                }
            }
        };
    }

    private static byte[] frame(int op, String d) {
        return ("{\"op\":" + op + ",\"d\":" + d + "}").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Sends a frame.
     *
     * @param within the place of the frame in the command; empty if the command has only its {@code
     *     data}
     */
    private CompletionStage<CommandResult> send(
            int shard, byte[] frame, String within, CommandHandler.Context context) {
        return gateway.send(new OutboundFrame(shard, frame, context.priority(), context.expires()))
                .thenApply(outcome -> result(shard, outcome, within));
    }

    private static CommandResult result(int shard, SendOutcome outcome, String within) {
        return switch (outcome) {
            case SendOutcome.Sent _ -> new CommandResult.Sent();
            case SendOutcome.NotConnected _ -> new CommandResult.NotConnected(shard);
            case SendOutcome.RateLimited(var after) ->
                    new CommandResult.RateLimited(System.currentTimeMillis() + after.toMillis());
            case SendOutcome.TooLarge(int bytes) ->
                    new CommandResult.TooLarge(bytes, OutboundFrame.MOST_BYTES);
            case SendOutcome.QueueFull _ -> new CommandResult.QueueFull(shard);
            case SendOutcome.Expired _ -> new CommandResult.Expired();
            case SendOutcome.Malformed(var where, var what) ->
                    new CommandResult.Malformed(
                            within.isEmpty() ? where.replaceFirst("^d\\b", "data") : within + where,
                            what);
        };
    }

    private List<MetricFamily> families(Broker broker) {
        return List.of(
                new MetricFamily(
                        "gateway_commands",
                        MetricFamily.Kind.COUNTER,
                        "Commands from gateway.send, by how they ended",
                        List.of("result"),
                        broker.commandResults().entrySet().stream()
                                .map(entry -> Sample.of(entry.getValue(), entry.getKey()))
                                .toList()),
                MetricFamily.gauge(
                        "gateway_commands_waiting",
                        "Commands that wait for their shard or its limits",
                        gateway.waitingFrames()));
    }
}
