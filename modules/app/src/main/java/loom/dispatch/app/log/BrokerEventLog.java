package loom.dispatch.app.log;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import loom.dispatch.broker.BrokerEvent;

/** A log line for each thing that happens on the way to RabbitMQ. */
public final class BrokerEventLog implements BrokerEvent.Listener {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.broker");

    @Override
    public void on(BrokerEvent event) {
        switch (event) {
            case BrokerEvent.Connected(var connection, var endpoint) ->
                    LOG.log(
                            INFO,
                            "rabbit.connected connection=" + connection + " endpoint=" + endpoint);
            case BrokerEvent.Disconnected(var connection, var reason, var retry) ->
                    LOG.log(
                            WARNING,
                            "rabbit.disconnected connection="
                                    + connection
                                    + " reason=\""
                                    + reason
                                    + "\" retry_ms="
                                    + retry);
            case BrokerEvent.Refused(var connection, var kind, var explanation, var retry) ->
                    LOG.log(
                            ERROR,
                            "rabbit.refused connection="
                                    + connection
                                    + " kind="
                                    + kind
                                    + " reason=\""
                                    + explanation
                                    + "\" retry_ms="
                                    + retry);
            case BrokerEvent.Blocked(var connection, var reason) ->
                    LOG.log(
                            WARNING,
                            "rabbit.blocked connection="
                                    + connection
                                    + " reason=\""
                                    + reason
                                    + "\"");
            case BrokerEvent.Unblocked(var connection) ->
                    LOG.log(INFO, "rabbit.unblocked connection=" + connection);
            case BrokerEvent.LaneLost(var lane, var reason) ->
                    LOG.log(
                            WARNING,
                            "rabbit.lane_lost lane=" + lane + " reason=\"" + reason + "\"");
            case BrokerEvent.LaneAttached(var lane, var resent) ->
                    LOG.log(INFO, "rabbit.lane_attached lane=" + lane + " resent=" + resent);
            case BrokerEvent.Spooling(var shard) ->
                    LOG.log(WARNING, "spool.filling shard=" + shard);
            case BrokerEvent.SpoolDrained(var shard) ->
                    LOG.log(INFO, "spool.drained shard=" + shard);
            case BrokerEvent.SpoolFailed(var shard, var reason) ->
                    LOG.log(ERROR, "spool.failed shard=" + shard + " reason=\"" + reason + "\"");
            case BrokerEvent.SpoolDamaged(var shard, var session, var sequence) ->
                    LOG.log(
                            ERROR,
                            "spool.damaged shard="
                                    + shard
                                    + " session="
                                    + session
                                    + " last_sequence="
                                    + sequence);
            case BrokerEvent.SpoolHealed(var shard) -> LOG.log(INFO, "spool.healed shard=" + shard);
        }
    }
}
