package loom.dispatch.app.log;

import loom.dispatch.gateway.GatewayLogEvents;
import loom.dispatch.gateway.ShardLifecycleEvent;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.LogEvent;

/** Writes a log event for each lifecycle event of a shard. Any thread. */
public final class ShardEventLog {
    private static final EventLog LOG = new EventLog("loom.dispatch.gateway");

    private ShardEventLog() {}

    /** Writes the event to the log. */
    public static void write(int shard, ShardLifecycleEvent event) {
        LOG.write(logEvent(shard, event));
    }

    private static LogEvent logEvent(int shard, ShardLifecycleEvent event) {
        return switch (event) {
            case ShardLifecycleEvent.Connecting(var resuming, var onMainUrl) ->
                    GatewayLogEvents.SHARD_CONNECTING.with(shard, resuming, onMainUrl);
            case ShardLifecycleEvent.Connected _ -> GatewayLogEvents.SHARD_CONNECTED.with(shard);
            case ShardLifecycleEvent.Hello(var interval) ->
                    GatewayLogEvents.SHARD_HELLO.with(shard, interval);
            case ShardLifecycleEvent.Identifying _ ->
                    GatewayLogEvents.SHARD_IDENTIFYING.with(shard);
            case ShardLifecycleEvent.Resuming(var session) ->
                    GatewayLogEvents.SHARD_RESUMING.with(shard, session);
            case ShardLifecycleEvent.Ready(var session) ->
                    GatewayLogEvents.SHARD_READY.with(shard, session);
            case ShardLifecycleEvent.Resumed(var session) ->
                    GatewayLogEvents.SHARD_RESUMED.with(shard, session);
            case ShardLifecycleEvent.SessionInvalidated(var resumable) ->
                    GatewayLogEvents.SHARD_SESSION_INVALIDATED.with(shard, resumable);
            case ShardLifecycleEvent.Disconnected(var code, var reason) ->
                    GatewayLogEvents.SHARD_DISCONNECTED.with(shard, code, reason);
            case ShardLifecycleEvent.Reconnecting(var failures) ->
                    GatewayLogEvents.SHARD_RECONNECTING.with(shard, failures);
            case ShardLifecycleEvent.Silent(var millis, var sessionGivenUp) ->
                    GatewayLogEvents.SHARD_SILENT.with(
                            shard, millis / 1000, sessionGivenUp ? "identify" : "resume");
            case ShardLifecycleEvent.Refused(var code, var advice) ->
                    GatewayLogEvents.SHARD_REFUSED.with(shard, code, advice);
        };
    }
}
