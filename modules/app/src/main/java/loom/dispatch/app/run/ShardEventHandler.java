package loom.dispatch.app.run;

import loom.dispatch.app.log.ShardEventLog;
import loom.dispatch.app.logchannel.DiscordLogChannels;
import loom.dispatch.app.pipeline.CheckpointWriter;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.ProcessLifecycle;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.app.status.ServiceMetrics;
import loom.dispatch.gateway.GatewayListener;
import loom.dispatch.gateway.ShardLifecycleEvent;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Decides what a shard's lifecycle events mean for the process. If Discord refuses the service
 * before any shard was ready, the process ends. A running service keeps its checkpoints and reports
 * the refusal.
 */
final class ShardEventHandler implements GatewayListener {
    private final ProcessLifecycle lifetime;
    private final ServiceMetrics telemetry;
    private final DiscordLogChannels logChannels;
    private final CheckpointWriter checkpoints;
    private final AtomicBoolean everReady = new AtomicBoolean();

    ShardEventHandler(
            ProcessLifecycle lifetime,
            ServiceMetrics telemetry,
            DiscordLogChannels logChannels,
            CheckpointWriter checkpoints) {
        this.lifetime = lifetime;
        this.telemetry = telemetry;
        this.logChannels = logChannels;
        this.checkpoints = checkpoints;
    }

    @Override
    public void notice(int shard, ShardLifecycleEvent notice) {
        ShardEventLog.write(shard, notice);
        telemetry.count(shard, notice);
        logChannels.add(shard, notice);
        switch (notice) {
            case ShardLifecycleEvent.Ready _ -> {
                everReady.set(true);
                // a session that is not saved is lost with the process
                checkpoints.hurry();
            }
            case ShardLifecycleEvent.Resumed _ -> everReady.set(true);
            case ShardLifecycleEvent.Refused(var _, var advice) -> {
                if (!everReady.get()) {
                    lifetime.fail(new StartFailure(ExitCode.DISCORD_REFUSED, advice));
                }
            }
            case ShardLifecycleEvent.Connecting _,
                    ShardLifecycleEvent.Connected _,
                    ShardLifecycleEvent.Hello _,
                    ShardLifecycleEvent.Identifying _,
                    ShardLifecycleEvent.Resuming _,
                    ShardLifecycleEvent.SessionInvalidated _,
                    ShardLifecycleEvent.Silent _,
                    ShardLifecycleEvent.Disconnected _,
                    ShardLifecycleEvent.Reconnecting _ -> {}
        }
    }
}
