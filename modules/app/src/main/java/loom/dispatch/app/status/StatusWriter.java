package loom.dispatch.app.status;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.process.LoopHeartbeat;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.ShardStatus;
import loom.dispatch.cache.ShardStatusStore;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.ShardSnapshot;
import loom.dispatch.runtime.EventLog;

import java.time.Duration;
import java.util.List;

/** Writes the shards' statuses to Redis every second. */
public final class StatusWriter implements Runnable {
    private static final EventLog LOG = new EventLog("loom.dispatch.statuses");
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ShardStatusStore board;
    private final Gateway gateway;
    private final LoopHeartbeat pulse = new LoopHeartbeat("statuses", System::nanoTime);

    public StatusWriter(ShardStatusStore board, Gateway gateway) {
        this.board = board;
        this.gateway = gateway;
    }

    public LoopHeartbeat pulse() {
        return pulse;
    }

    @Override
    public void run() {
        try {
            while (true) {
                pulse.beat();
                try {
                    publish();
                } catch (RedisUnavailableException e) {
                    LOG.write(AppLogEvents.STATUSES_NOT_WRITTEN, e.getMessage());
                }
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException _) {
            // the service is draining
        }
    }

    /** The last word of a drain; if Redis is away, the statuses grow old there. */
    public void publishLast() {
        try {
            publish();
        } catch (RedisUnavailableException e) {
            LOG.write(AppLogEvents.STATUSES_NOT_WRITTEN, e.getMessage());
        }
    }

    private void publish() {
        List<ShardStatus> statuses =
                gateway.snapshots().stream().map(StatusWriter::status).toList();
        board.publish(statuses);
    }

    private static ShardStatus status(ShardSnapshot shard) {
        return new ShardStatus(
                shard.shard(), word(shard.status()), shard.latencyMillis(), shard.lastAck());
    }

    private static ShardStatus.Status word(ShardSnapshot.Status status) {
        return switch (status) {
            case CONNECTED -> ShardStatus.Status.CONNECTED;
            case DISCONNECTED -> ShardStatus.Status.DISCONNECTED;
            case HANDSHAKING -> ShardStatus.Status.HANDSHAKING;
            case IDENTIFYING -> ShardStatus.Status.IDENTIFYING;
            case RESUMING -> ShardStatus.Status.RESUMING;
        };
    }
}
