package loom.dispatch.app.status;

import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.ShardStatus;
import loom.dispatch.cache.ShardStatusStore;
import loom.dispatch.gateway.Gateway;
import loom.dispatch.gateway.ShardSnapshot;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.SupervisedLoop;
import loom.dispatch.runtime.ThreadPulse;

import java.time.Duration;
import java.util.List;

/** Writes the shards' statuses to Redis every second. */
public final class StatusWriter implements SupervisedLoop {
    private static final EventLog LOG = new EventLog("loom.dispatch.statuses");
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ShardStatusStore board;
    private final Gateway gateway;

    public StatusWriter(ShardStatusStore board, Gateway gateway) {
        this.board = board;
        this.gateway = gateway;
    }

    @Override
    public void run(ThreadPulse pulse) throws InterruptedException {
        while (true) {
            pulse.beat();
            publishIfRedisAnswers();
            pulse.expectWithin(INTERVAL);
            Thread.sleep(INTERVAL);
        }
    }

    /** Writes the statuses once. If Redis is unavailable, the old ones remain there. */
    public void publishIfRedisAnswers() {
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
