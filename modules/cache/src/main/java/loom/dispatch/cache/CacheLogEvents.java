package loom.dispatch.cache;

import loom.dispatch.runtime.LogEventCatalog;
import loom.dispatch.runtime.LogEventType;

import java.util.List;

/** The log events of Redis, the state and the saved sessions. */
public final class CacheLogEvents {
    private static final LogEventCatalog CATALOG = new LogEventCatalog();

    /** Redis does not answer; the service tries again. */
    public static final LogEventType REDIS_UNAVAILABLE =
            CATALOG.warning(
                    "redis.unavailable",
                    "Redis does not answer; the service tries again.",
                    "Check that Redis runs and is reachable. Events wait and none is lost.",
                    "target",
                    "reason",
                    "attempt",
                    "retry_ms");

    /** Redis answers again. */
    public static final LogEventType REDIS_AVAILABLE =
            CATALOG.info(
                    "redis.available",
                    "Redis answers again.",
                    "Nothing to do.",
                    "target",
                    "outage_ms");

    /** No node of the Redis Cluster told the topology; the next request asks again. */
    public static final LogEventType REDIS_TOPOLOGY_UNKNOWN =
            CATALOG.debug(
                    "redis.topology_unknown",
                    "No node of the Redis Cluster told the topology; the next request asks again.",
                    "Nothing to do.",
                    "reason");

    /** A key of the service holds a value of another type or form; it counts as absent. */
    public static final LogEventType REDIS_FOREIGN_VALUE =
            CATALOG.warning(
                    "redis.foreign_value",
                    "A key of the service holds a value of another type or form; it counts as"
                            + " absent.",
                    "Delete or rename the key, or give the service a database of its own.",
                    "reason");

    /**
     * An object or field of an event is not the expected JSON; only it is left out of the state.
     */
    public static final LogEventType STATE_UNREADABLE =
            CATALOG.warning(
                    "state.unreadable",
                    "An object or field of an event is not the expected JSON; only it is left out"
                            + " of the state.",
                    "Report it: Discord may have changed a payload.",
                    "what",
                    "reason");

    /** STATE_FAILURE=skip: events were published without updating the state. */
    public static final LogEventType STATE_SKIPPED =
            CATALOG.warning(
                    "state.skipped",
                    "STATE_FAILURE=skip: events were published without updating the state.",
                    "Restore Redis. The next READY of the shard corrects the state.",
                    "shard",
                    "events",
                    "reason");

    /**
     * Redis refused one write of a transaction because its key has another type; only that key is
     * not updated.
     */
    public static final LogEventType STATE_WRITE_REFUSED =
            CATALOG.warning(
                    "state.write_refused",
                    "Redis refused one write of a transaction because its key has another type;"
                            + " only that key is not updated.",
                    "Delete or rename the key that the reason names.",
                    "reason");

    /**
     * The sessions that twilight-dispatch saved belong to another number of shards and are not
     * resumed.
     */
    public static final LogEventType SESSION_OTHER_SHARD_COUNT =
            CATALOG.info(
                    "session.other_shard_count",
                    "The sessions that twilight-dispatch saved belong to another number of shards"
                            + " and are not resumed.",
                    "Nothing to do.",
                    "stored",
                    "configured");

    /** A saved session cannot be read; its shard identifies. */
    public static final LogEventType SESSION_UNREADABLE =
            CATALOG.warning(
                    "session.unreadable",
                    "A saved session cannot be read; its shard identifies.",
                    "Delete the field if other software wrote it.",
                    "key",
                    "field",
                    "reason");

    private CacheLogEvents() {}

    /** Lists all log events of this module. */
    public static List<LogEventType> all() {
        return CATALOG.all();
    }
}
