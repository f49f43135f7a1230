package loom.dispatch.app.log;

import loom.dispatch.broker.BrokerEvent;
import loom.dispatch.broker.BrokerLogEvents;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.LogEvent;

/** Writes a log event for each event of the connections to RabbitMQ. Any thread. */
public final class BrokerEventLog implements BrokerEvent.Listener {
    private static final EventLog LOG = new EventLog("loom.dispatch.broker");

    @Override
    public void on(BrokerEvent event) {
        LOG.write(logEvent(event));
    }

    private static LogEvent logEvent(BrokerEvent event) {
        return switch (event) {
            case BrokerEvent.Connected(var connection, var endpoint) ->
                    BrokerLogEvents.RABBIT_CONNECTED.with(connection, endpoint);
            case BrokerEvent.Disconnected(var connection, var reason, var retryMillis) ->
                    BrokerLogEvents.RABBIT_DISCONNECTED.with(connection, reason, retryMillis);
            case BrokerEvent.Refused(var connection, var kind, var reason, var retryMillis) ->
                    BrokerLogEvents.RABBIT_REFUSED.with(connection, kind, reason, retryMillis);
            case BrokerEvent.Blocked(var connection, var reason) ->
                    BrokerLogEvents.RABBIT_BLOCKED.with(connection, reason);
            case BrokerEvent.Unblocked(var connection) ->
                    BrokerLogEvents.RABBIT_UNBLOCKED.with(connection);
            case BrokerEvent.LaneLost(var lane, var reason) ->
                    BrokerLogEvents.LANE_DETACHED.with(lane, reason);
            case BrokerEvent.LaneAttached(var lane, var resent) ->
                    BrokerLogEvents.LANE_ATTACHED.with(lane, resent);
            case BrokerEvent.Spooling(var shard) -> BrokerLogEvents.SPOOL_STARTED.with(shard);
            case BrokerEvent.SpoolDrained(var shard) -> BrokerLogEvents.SPOOL_DRAINED.with(shard);
            case BrokerEvent.SpoolFailed(var shard, var reason) ->
                    BrokerLogEvents.SPOOL_FAILED.with(shard, reason);
            case BrokerEvent.SpoolDamaged(var shard, var session, var sequence) ->
                    BrokerLogEvents.SPOOL_DAMAGED.with(shard, session, sequence);
            case BrokerEvent.SpoolHealed(var shard) -> BrokerLogEvents.SPOOL_RECOVERED.with(shard);
        };
    }
}
