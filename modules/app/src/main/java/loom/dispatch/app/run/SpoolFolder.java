package loom.dispatch.app.run;

import loom.dispatch.app.config.PublishSettings;
import loom.dispatch.app.log.AppLogEvents;
import loom.dispatch.app.process.ExitCode;
import loom.dispatch.app.process.StartFailure;
import loom.dispatch.broker.Broker;
import loom.dispatch.broker.EventOrigin;
import loom.dispatch.broker.PublishingLane;
import loom.dispatch.broker.SettlementListener;
import loom.dispatch.broker.SpoolDirectory;
import loom.dispatch.gateway.Checkpoint;
import loom.dispatch.gateway.GatewayConfig;
import loom.dispatch.gateway.Session;
import loom.dispatch.runtime.EventLog;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The folder for events that RabbitMQ does not take, if there is one. Owner: the main thread. */
final class SpoolFolder implements AutoCloseable {
    private static final EventLog LOG = new EventLog("loom.dispatch.spool");

    private final Optional<SpoolDirectory> spools;
    private final String place;

    private SpoolFolder(Optional<SpoolDirectory> spools, String place) {
        this.spools = spools;
        this.place = place;
    }

    static SpoolFolder open(PublishSettings settings, int totalShards) throws StartFailure {
        if (settings.spoolFolder().isEmpty()) {
            return new SpoolFolder(Optional.empty(), "");
        }
        String place = "SPOOL_DIR=\"" + settings.spoolFolder().get() + "\"";
        try {
            return new SpoolFolder(
                    Optional.of(
                            SpoolDirectory.open(
                                    settings.spoolFolder().get(),
                                    settings.spoolBytes(),
                                    totalShards)),
                    place);
        } catch (IOException e) {
            throw unusable(place, e);
        }
    }

    private static StartFailure unusable(String place, IOException e) {
        return new StartFailure(
                ExitCode.CONFIGURATION, place + ": the folder cannot be used: " + e.getMessage());
    }

    /**
     * Returns where sessions resume according to the spools of an earlier process. Deletes a spool
     * that a saved checkpoint covers: another process had the shard, and Discord sent the events
     * again.
     *
     * @param saved the checkpoints in Redis
     */
    Map<Integer, Checkpoint> resume(Map<Integer, Checkpoint> saved) throws StartFailure {
        Map<Integer, Checkpoint> spooled = new HashMap<>();
        Map<Integer, EventOrigin> left = spools.map(SpoolDirectory::lastEvents).orElse(Map.of());
        for (Map.Entry<Integer, EventOrigin> entry : left.entrySet()) {
            int shard = entry.getKey();
            EventOrigin last = entry.getValue();
            Optional<Checkpoint> known =
                    Optional.ofNullable(saved.get(shard))
                            .filter(at -> at.session().id().equals(last.session()));
            if (known.isPresent() && known.get().sequence() >= last.sequence()) {
                forget(shard);
            } else {
                Session session =
                        known.map(Checkpoint::session)
                                .orElseGet(() -> Session.withoutUrl(last.session()));
                spooled.put(shard, new Checkpoint(session, last.sequence()));
                LOG.write(AppLogEvents.SPOOL_FOUND, shard, last.sequence());
            }
        }
        return spooled;
    }

    private void forget(int shard) throws StartFailure {
        try {
            spools.orElseThrow().forget(shard);
        } catch (IOException e) {
            throw unusable(place, e);
        }
    }

    /** Opens the lane of a shard, with its spool if there is a folder. */
    PublishingLane lane(Broker broker, int shard, SettlementListener listener) throws StartFailure {
        try {
            return spools.isPresent()
                    ? broker.lane(shard, listener, spools.get())
                    : broker.lane(shard, listener);
        } catch (IOException e) {
            throw unusable(place, e);
        }
    }

    /** Publishes what an earlier process left on disk for shards that this process has not. */
    void replayOthers(Broker broker, GatewayConfig config) {
        spools.ifPresent(
                disk -> broker.replayOthers(disk, config.firstShard(), config.lastShard()));
    }

    @Override
    public void close() {
        try {
            if (spools.isPresent()) {
                spools.get().close();
            }
        } catch (IOException e) {
            LOG.write(AppLogEvents.SPOOL_CLOSE_FAILED, e.getMessage());
        }
    }
}
