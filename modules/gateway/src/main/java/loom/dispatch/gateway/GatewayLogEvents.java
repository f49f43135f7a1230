package loom.dispatch.gateway;

import loom.dispatch.runtime.LogEventCatalog;
import loom.dispatch.runtime.LogEventType;

import java.util.List;

/** The log events of the shards. */
public final class GatewayLogEvents {
    private static final LogEventCatalog CATALOG = new LogEventCatalog();

    /** A shard opens a connection to Discord. */
    public static final LogEventType SHARD_CONNECTING =
            CATALOG.info(
                    "shard.connecting",
                    "A shard opens a connection to Discord.",
                    "Nothing to do.",
                    "shard",
                    "resuming",
                    "main_url");

    /** The WebSocket connection is open. */
    public static final LogEventType SHARD_CONNECTED =
            CATALOG.info(
                    "shard.connected",
                    "The WebSocket connection is open.",
                    "Nothing to do.",
                    "shard");

    /** Discord sent HELLO with the heartbeat interval. */
    public static final LogEventType SHARD_HELLO =
            CATALOG.info(
                    "shard.hello",
                    "Discord sent HELLO with the heartbeat interval.",
                    "Nothing to do.",
                    "shard",
                    "heartbeat_ms");

    /** A shard starts a new session by IDENTIFY. */
    public static final LogEventType SHARD_IDENTIFYING =
            CATALOG.info(
                    "shard.identifying",
                    "A shard starts a new session by IDENTIFY.",
                    "Nothing to do.",
                    "shard");

    /** A shard resumes its session. */
    public static final LogEventType SHARD_RESUMING =
            CATALOG.info(
                    "shard.resuming",
                    "A shard resumes its session.",
                    "Nothing to do.",
                    "shard",
                    "session");

    /** A new session is ready. */
    public static final LogEventType SHARD_READY =
            CATALOG.info(
                    "shard.ready", "A new session is ready.", "Nothing to do.", "shard", "session");

    /** A session was resumed; Discord has replayed all missed events. */
    public static final LogEventType SHARD_RESUMED =
            CATALOG.info(
                    "shard.resumed",
                    "A session was resumed; Discord has replayed all missed events.",
                    "Nothing to do.",
                    "shard",
                    "session");

    /** Discord sent INVALID_SESSION (opcode 9). */
    public static final LogEventType SHARD_SESSION_INVALIDATED =
            CATALOG.warning(
                    "shard.session_invalidated",
                    "Discord sent INVALID_SESSION (opcode 9).",
                    "Nothing to do: the shard resumes or identifies by itself. If it repeats, look"
                            + " for a second process with the same token.",
                    "shard",
                    "resumable");

    /** A connection to Discord ended. */
    public static final LogEventType SHARD_DISCONNECTED =
            CATALOG.info(
                    "shard.disconnected",
                    "A connection to Discord ended.",
                    "Nothing to do: the shard reconnects by itself.",
                    "shard",
                    "code",
                    "reason");

    /** A shard connects again after a lost connection. */
    public static final LogEventType SHARD_RECONNECTING =
            CATALOG.info(
                    "shard.reconnecting",
                    "A shard connects again after a lost connection.",
                    "Nothing to do.",
                    "shard",
                    "failures");

    /** A shard acknowledges heartbeats but receives no events; it reconnects. */
    public static final LogEventType SHARD_SILENT =
            CATALOG.warning(
                    "shard.silent",
                    "A shard acknowledges heartbeats but receives no events; it reconnects.",
                    "If many shards are silent, check https://discordstatus.com.",
                    "shard",
                    "silent_s",
                    "then");

    /** Discord refuses the shard for good; it does not reconnect. */
    public static final LogEventType SHARD_REFUSED =
            CATALOG.error(
                    "shard.refused",
                    "Discord refuses the shard for good; it does not reconnect.",
                    "Follow the advice in the line, then restart the service.",
                    "shard",
                    "code",
                    "advice");

    /** A message from Discord could not be decoded; the shard reconnects and resumes. */
    public static final LogEventType SHARD_CORRUPTED =
            CATALOG.warning(
                    "shard.corrupted",
                    "A message from Discord could not be decoded; the shard reconnects and"
                            + " resumes.",
                    "If it repeats, try another GATEWAY_COMPRESSION.",
                    "shard",
                    "reason");

    /** Discord sent a message with an unknown opcode; it is ignored. */
    public static final LogEventType SHARD_UNKNOWN_OPCODE =
            CATALOG.debug(
                    "shard.unknown_opcode",
                    "Discord sent a message with an unknown opcode; it is ignored.",
                    "Nothing to do.",
                    "shard",
                    "op");

    private GatewayLogEvents() {}

    /** Lists all log events of this module. */
    public static List<LogEventType> all() {
        return CATALOG.all();
    }
}
