package loom.dispatch.app.log;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import loom.dispatch.gateway.ShardLifecycleEvent;

/** A log line for each notice of a shard's life. */
public final class ShardEventLog {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.gateway");

    private ShardEventLog() {}

    public static void write(int shard, ShardLifecycleEvent notice) {
        switch (notice) {
            case ShardLifecycleEvent.Connecting(var resuming, var onMainUrl) ->
                    info(shard, "connecting", "resuming=" + resuming + " main_url=" + onMainUrl);
            case ShardLifecycleEvent.Connected _ -> info(shard, "connected", "");
            case ShardLifecycleEvent.Hello(var interval) ->
                    info(shard, "hello", "heartbeat_ms=" + interval);
            case ShardLifecycleEvent.Identifying _ -> info(shard, "identifying", "");
            case ShardLifecycleEvent.Resuming(var session) ->
                    info(shard, "resuming", "session=" + session);
            case ShardLifecycleEvent.Ready(var session) ->
                    info(shard, "ready", "session=" + session);
            case ShardLifecycleEvent.Resumed(var session) ->
                    info(shard, "resumed", "session=" + session);
            case ShardLifecycleEvent.SessionInvalidated(var resumable) ->
                    LOG.log(
                            WARNING,
                            "shard.session_invalidated shard=" + shard + " resumable=" + resumable);
            case ShardLifecycleEvent.Disconnected(var code, var reason) ->
                    info(shard, "disconnected", "code=" + code + " reason=\"" + reason + "\"");
            case ShardLifecycleEvent.Reconnecting(var failures) ->
                    info(shard, "reconnecting", "failures=" + failures);
            case ShardLifecycleEvent.Silent(var millis, var sessionGivenUp) ->
                    LOG.log(
                            WARNING,
                            "shard.silent shard="
                                    + shard
                                    + " silent_s="
                                    + millis / 1000
                                    + " then="
                                    + (sessionGivenUp ? "identify" : "resume"));
            case ShardLifecycleEvent.Refused(var code, var advice) ->
                    LOG.log(
                            ERROR,
                            "shard.refused shard="
                                    + shard
                                    + " code="
                                    + code
                                    + " advice=\""
                                    + advice
                                    + "\"");
        }
    }

    private static void info(int shard, String what, String details) {
        LOG.log(INFO, ("shard." + what + " shard=" + shard + " " + details).stripTrailing());
    }
}
