package loom.dispatch.app.log;

import loom.dispatch.runtime.LogEventCatalog;
import loom.dispatch.runtime.LogEventType;

import java.util.List;

/** The log events of the service itself. */
public final class AppLogEvents {
    private static final LogEventCatalog CATALOG = new LogEventCatalog();

    /** The service starts. */
    public static final LogEventType SERVICE_STARTING =
            CATALOG.info("service.starting", "The service starts.", "Nothing to do.", "version");

    /** The shards start; some resume a saved session. */
    public static final LogEventType SHARDS_STARTING =
            CATALOG.info(
                    "service.shards_starting",
                    "The shards start; some resume a saved session.",
                    "Nothing to do.",
                    "count",
                    "total",
                    "resuming");

    /**
     * The service was asked to end: it closes the shards and waits until all received events are
     * settled.
     */
    public static final LogEventType SERVICE_DRAINING =
            CATALOG.info(
                    "service.draining",
                    "The service was asked to end: it closes the shards and waits until all"
                            + " received events are settled.",
                    "Nothing to do.",
                    "limit_s");

    /**
     * The drain has ended; the fields say whether all events are settled and all checkpoints saved.
     */
    public static final LogEventType SERVICE_DRAINED =
            CATALOG.info(
                    "service.drained",
                    "The drain has ended; the fields say whether all events are settled and all"
                            + " checkpoints saved.",
                    "If a field is false, Discord replays the rest to the next process.",
                    "settled",
                    "saved");

    /** The service ends because of an unexpected error. */
    public static final LogEventType SERVICE_FAILED =
            CATALOG.error(
                    "service.failed",
                    "The service ends because of an unexpected error.",
                    "Report it with the trace. The next start resumes the sessions.");

    /** A thread of the service ended by an unexpected error; the service drains and ends. */
    public static final LogEventType THREAD_FAILED =
            CATALOG.error(
                    "service.thread_failed",
                    "A thread of the service ended by an unexpected error; the service drains and"
                            + " ends.",
                    "Report it with the trace. The next start resumes the sessions.",
                    "thread");

    /** The service cannot start. */
    public static final LogEventType SERVICE_REFUSED =
            CATALOG.error(
                    "service.refused",
                    "The service cannot start.",
                    "Correct what the reason names; the exit code tells scripts the kind.",
                    "exit_code",
                    "reason");

    /** The HTTP endpoint listens. */
    public static final LogEventType HTTP_LISTENING =
            CATALOG.info(
                    "http.listening", "The HTTP endpoint listens.", "Nothing to do.", "address");

    /** An environment variable looks like a misspelt setting and is not used. */
    public static final LogEventType CONFIGURATION_UNKNOWN =
            CATALOG.warning(
                    "configuration.unknown",
                    "An environment variable looks like a misspelt setting and is not used.",
                    "Correct or remove it.",
                    "variable",
                    "did_you_mean");

    /** The start waits for Redis. */
    public static final LogEventType REDIS_UNAVAILABLE_AT_START =
            CATALOG.warning(
                    "redis.unavailable_at_start",
                    "The start waits for Redis.",
                    "Check that Redis runs and is reachable.",
                    "reason",
                    "retry_ms");

    /** The REST API of Discord does not answer; the start waits for it. */
    public static final LogEventType DISCORD_UNAVAILABLE =
            CATALOG.warning(
                    "discord.unavailable",
                    "The REST API of Discord does not answer; the start waits for it.",
                    "Check the network and https://discordstatus.com.",
                    "reason",
                    "retry_ms");

    /**
     * The REST API of Discord does not answer; the start uses the answer that an earlier start
     * saved.
     */
    public static final LogEventType DISCORD_USING_SAVED_ANSWER =
            CATALOG.warning(
                    "discord.using_saved_answer",
                    "The REST API of Discord does not answer; the start uses the answer that an"
                            + " earlier start saved.",
                    "Nothing to do.",
                    "reason");

    /** INTENTS has bits that this version does not know; they are sent as they are. */
    public static final LogEventType DISCORD_UNKNOWN_INTENTS =
            CATALOG.warning(
                    "discord.unknown_intents",
                    "INTENTS has bits that this version does not know; they are sent as they are.",
                    "Check INTENTS.",
                    "bits");

    /** Redis did not take the checkpoints; they are saved again soon. */
    public static final LogEventType CHECKPOINTS_NOT_SAVED =
            CATALOG.warning(
                    "checkpoints.not_saved",
                    "Redis did not take the checkpoints; they are saved again soon.",
                    "Restore Redis. If the process dies now, Discord replays events that were"
                            + " already published.",
                    "reason");

    /** Redis did not take the statuses of the shards; they are written again soon. */
    public static final LogEventType STATUSES_NOT_WRITTEN =
            CATALOG.debug(
                    "statuses.not_written",
                    "Redis did not take the statuses of the shards; they are written again soon.",
                    "Nothing to do.",
                    "reason");

    /** Redis did not tell the sizes of the state; the last ones are shown. */
    public static final LogEventType STATE_NOT_COUNTED =
            CATALOG.debug(
                    "state.not_counted",
                    "Redis did not tell the sizes of the state; the last ones are shown.",
                    "Nothing to do.",
                    "reason");

    /** This process holds the lease of its shards. */
    public static final LogEventType LEASE_ACQUIRED =
            CATALOG.info(
                    "lease.acquired",
                    "This process holds the lease of its shards.",
                    "Nothing to do.",
                    "life_s");

    /** Another process holds some of the shards; this one waits as a standby. */
    public static final LogEventType LEASE_WAITING =
            CATALOG.warning(
                    "lease.waiting",
                    "Another process holds some of the shards; this one waits as a standby.",
                    "Nothing to do if a standby is intended; otherwise end the other process.",
                    "reason");

    /** A shard waits before it may IDENTIFY. */
    public static final LogEventType IDENTIFY_WAITING =
            CATALOG.warning(
                    "identify.waiting",
                    "A shard waits before it may IDENTIFY.",
                    "If the daily limit is nearly used up, find out why sessions end. The status"
                            + " page shows the reset.",
                    "reason");

    /** Shards may IDENTIFY again after a wait. */
    public static final LogEventType IDENTIFY_GRANTED =
            CATALOG.info(
                    "identify.granted",
                    "Shards may IDENTIFY again after a wait.",
                    "Nothing to do.",
                    "shard");

    /** A shard sends IDENTIFY again and again; it is paused to save the daily limit. */
    public static final LogEventType IDENTIFY_LOOP =
            CATALOG.warning(
                    "identify.loop",
                    "A shard sends IDENTIFY again and again; it is paused to save the daily limit.",
                    "Look at the shard.* lines of this shard for the reason.",
                    "shard",
                    "pause_s");

    /** Discord did not tell how many IDENTIFYs are left; the last known number counts. */
    public static final LogEventType IDENTIFY_LIMIT_UNKNOWN =
            CATALOG.warning(
                    "identify.limit_unknown",
                    "Discord did not tell how many IDENTIFYs are left; the last known number"
                            + " counts.",
                    "Nothing to do.",
                    "reason");

    /**
     * Redis did not record an IDENTIFY; its reservation keeps other processes waiting long enough.
     */
    public static final LogEventType IDENTIFY_NOT_RECORDED =
            CATALOG.warning(
                    "identify.not_recorded",
                    "Redis did not record an IDENTIFY; its reservation keeps other processes"
                            + " waiting long enough.",
                    "Nothing to do.",
                    "reason");

    /** Discord refuses to post to a log channel. */
    public static final LogEventType LOG_CHANNEL_REFUSED =
            CATALOG.warning(
                    "log_channel.refused",
                    "Discord refuses to post to a log channel.",
                    "Check LOG_CHANNEL or LOG_GUILD_CHANNEL and the permissions of the bot there.",
                    "reason",
                    "retry_s");

    /** Discord did not take a message for a log channel; it is posted later. */
    public static final LogEventType LOG_CHANNEL_DELAYED =
            CATALOG.warning(
                    "log_channel.delayed",
                    "Discord did not take a message for a log channel; it is posted later.",
                    "Nothing to do.",
                    "reason",
                    "retry_ms");

    /** The service cannot tell systemd its state; it runs without that. */
    public static final LogEventType SYSTEMD_UNREACHABLE =
            CATALOG.warning(
                    "systemd.unreachable",
                    "The service cannot tell systemd its state; it runs without that.",
                    "Check NOTIFY_SOCKET, or use Type=exec in the unit.",
                    "reason");

    /** An earlier process left events on disk; they are published first. */
    public static final LogEventType SPOOL_FOUND =
            CATALOG.warning(
                    "spool.found",
                    "An earlier process left events on disk; they are published first.",
                    "Nothing to do.",
                    "shard",
                    "sequence");

    /** The folder SPOOL_DIR could not be closed cleanly. */
    public static final LogEventType SPOOL_CLOSE_FAILED =
            CATALOG.warning(
                    "spool.close_failed",
                    "The folder SPOOL_DIR could not be closed cleanly.",
                    "Check the disk.",
                    "reason");

    private AppLogEvents() {}

    /** Lists all log events of this module. */
    public static List<LogEventType> all() {
        return CATALOG.all();
    }
}
