package loom.dispatch.app;

import loom.dispatch.gateway.GatewayListener;
import loom.dispatch.gateway.ShardNotice;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Decides what a shard's notices mean for the process: a service that Discord refuses before any
 * shard was ever ready ends; one that was running holds on, keeps its checkpoints and says so.
 */
final class Refusals implements GatewayListener {
    private final Lifetime lifetime;
    private final Telemetry telemetry;
    private final LogChannels logChannels;
    private final Checkpoints checkpoints;
    private final AtomicBoolean everReady = new AtomicBoolean();

    Refusals(
            Lifetime lifetime,
            Telemetry telemetry,
            LogChannels logChannels,
            Checkpoints checkpoints) {
        this.lifetime = lifetime;
        this.telemetry = telemetry;
        this.logChannels = logChannels;
        this.checkpoints = checkpoints;
    }

    @Override
    public void notice(int shard, ShardNotice notice) {
        ShardLog.write(shard, notice);
        telemetry.count(shard, notice);
        logChannels.tell(shard, notice);
        switch (notice) {
            case ShardNotice.Ready _ -> {
                everReady.set(true);
                // a session that nobody wrote down is lost with the process
                checkpoints.hurry();
            }
            case ShardNotice.Resumed _ -> everReady.set(true);
            case ShardNotice.Refused(var _, var advice) -> {
                if (!everReady.get()) {
                    lifetime.fail(new StartFailure(ExitCode.DISCORD_REFUSED, advice));
                }
            }
            case ShardNotice.Connecting _,
                    ShardNotice.Connected _,
                    ShardNotice.Hello _,
                    ShardNotice.Identifying _,
                    ShardNotice.Resuming _,
                    ShardNotice.SessionInvalidated _,
                    ShardNotice.Silent _,
                    ShardNotice.Disconnected _,
                    ShardNotice.Reconnecting _ -> {}
        }
    }

    @Override
    public void died(int shard, Throwable cause) {
        lifetime.fail(cause);
    }
}
