package loom.dispatch.app;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import loom.dispatch.gateway.ShardNotice;

/** A log line for each notice of a shard's life. */
final class ShardLog {
    private static final System.Logger LOG = System.getLogger("loom.dispatch.gateway");

    private ShardLog() {}

    static void write(int shard, ShardNotice notice) {
        switch (notice) {
            case ShardNotice.Connecting(var resuming, var onMainUrl) ->
                    info(shard, "connecting", "resuming=" + resuming + " main_url=" + onMainUrl);
            case ShardNotice.Connected _ -> info(shard, "connected", "");
            case ShardNotice.Hello(var interval) ->
                    info(shard, "hello", "heartbeat_ms=" + interval);
            case ShardNotice.Identifying _ -> info(shard, "identifying", "");
            case ShardNotice.Resuming(var session) -> info(shard, "resuming", "session=" + session);
            case ShardNotice.Ready(var session) -> info(shard, "ready", "session=" + session);
            case ShardNotice.Resumed(var session) -> info(shard, "resumed", "session=" + session);
            case ShardNotice.SessionInvalidated(var resumable) ->
                    LOG.log(
                            WARNING,
                            "shard.session_invalidated shard=" + shard + " resumable=" + resumable);
            case ShardNotice.Disconnected(var code, var reason) ->
                    info(shard, "disconnected", "code=" + code + " reason=\"" + reason + "\"");
            case ShardNotice.Reconnecting(var failures) ->
                    info(shard, "reconnecting", "failures=" + failures);
            case ShardNotice.Silent(var millis, var sessionGivenUp) ->
                    LOG.log(
                            WARNING,
                            "shard.silent shard="
                                    + shard
                                    + " silent_s="
                                    + millis / 1000
                                    + " then="
                                    + (sessionGivenUp ? "identify" : "resume"));
            case ShardNotice.Refused(var code, var advice) ->
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
