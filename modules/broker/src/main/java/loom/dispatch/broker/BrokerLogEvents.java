package loom.dispatch.broker;

import loom.dispatch.runtime.LogEventCatalog;
import loom.dispatch.runtime.LogEventType;

import java.util.List;

/** The log events of the connections to RabbitMQ, the lanes and the spool. */
public final class BrokerLogEvents {
    private static final LogEventCatalog CATALOG = new LogEventCatalog();

    /** A connection to RabbitMQ is open and its exchange and queues are declared. */
    public static final LogEventType RABBIT_CONNECTED =
            CATALOG.info(
                    "rabbit.connected",
                    "A connection to RabbitMQ is open and its exchange and queues are declared.",
                    "Nothing to do.",
                    "connection",
                    "endpoint");

    /** A connection to RabbitMQ is lost or could not be opened. */
    public static final LogEventType RABBIT_DISCONNECTED =
            CATALOG.warning(
                    "rabbit.disconnected",
                    "A connection to RabbitMQ is lost or could not be opened.",
                    "Check that RabbitMQ runs and is reachable. The service reconnects by itself"
                            + " and loses no event.",
                    "connection",
                    "reason",
                    "retry_ms");

    /** RabbitMQ is reachable but refuses the service. */
    public static final LogEventType RABBIT_REFUSED =
            CATALOG.error(
                    "rabbit.refused",
                    "RabbitMQ is reachable but refuses the service.",
                    "Correct what the reason names: user, virtual host, permission, or the"
                            + " arguments of an existing queue.",
                    "connection",
                    "kind",
                    "reason",
                    "retry_ms");

    /** RabbitMQ blocks publishing because of a memory or disk alarm. */
    public static final LogEventType RABBIT_BLOCKED =
            CATALOG.warning(
                    "rabbit.blocked",
                    "RabbitMQ blocks publishing because of a memory or disk alarm.",
                    "Free memory or disk on RabbitMQ. Events wait in memory and, with SPOOL_DIR, on"
                            + " disk.",
                    "connection",
                    "reason");

    /** RabbitMQ takes messages again. */
    public static final LogEventType RABBIT_UNBLOCKED =
            CATALOG.info(
                    "rabbit.unblocked",
                    "RabbitMQ takes messages again.",
                    "Nothing to do.",
                    "connection");

    /** A lane or the command consumer lost its channel; the connection is still open. */
    public static final LogEventType LANE_DETACHED =
            CATALOG.warning(
                    "rabbit.lane_detached",
                    "A lane or the command consumer lost its channel; the connection is still"
                            + " open.",
                    "Nothing to do unless it repeats: then correct what the reason names.",
                    "lane",
                    "reason");

    /** A lane or the command consumer has a channel; unconfirmed messages were sent again. */
    public static final LogEventType LANE_ATTACHED =
            CATALOG.info(
                    "rabbit.lane_attached",
                    "A lane or the command consumer has a channel; unconfirmed messages were sent"
                            + " again.",
                    "Nothing to do.",
                    "lane",
                    "resent");

    /** A listener of broker events threw an exception. */
    public static final LogEventType LISTENER_FAILED =
            CATALOG.error(
                    "rabbit.listener_failed",
                    "A listener of broker events threw an exception.",
                    "Report it with the trace.",
                    "event_type");

    /** The listener that records settled events threw an exception. */
    public static final LogEventType SETTLEMENT_LISTENER_FAILED =
            CATALOG.error(
                    "rabbit.settlement_listener_failed",
                    "The listener that records settled events threw an exception.",
                    "Report it with the trace.",
                    "position");

    /**
     * A callback of the AMQP client threw an exception; its connection is closed and opened again.
     */
    public static final LogEventType CALLBACK_FAILED =
            CATALOG.error(
                    "rabbit.callback_failed",
                    "A callback of the AMQP client threw an exception; its connection is closed and"
                            + " opened again.",
                    "Report it with the trace.",
                    "callback");

    /** The AMQP client reports the failure of a connection. */
    public static final LogEventType CONNECTION_FAILED =
            CATALOG.debug(
                    "rabbit.connection_failed",
                    "The AMQP client reports the failure of a connection.",
                    "Nothing to do.",
                    "reason");

    /** The channel for command replies ended; it is opened again. */
    public static final LogEventType REPLIES_ENDED =
            CATALOG.debug(
                    "rabbit.replies_ended",
                    "The channel for command replies ended; it is opened again.",
                    "Nothing to do.",
                    "reason");

    /** A command could not be acknowledged; RabbitMQ delivers it again. */
    public static final LogEventType ACKNOWLEDGEMENT_LOST =
            CATALOG.debug(
                    "rabbit.acknowledgement_lost",
                    "A command could not be acknowledged; RabbitMQ delivers it again.",
                    "Nothing to do.",
                    "reason");

    /** Events of a shard are written to disk because RabbitMQ takes none and memory is short. */
    public static final LogEventType SPOOL_STARTED =
            CATALOG.warning(
                    "spool.started",
                    "Events of a shard are written to disk because RabbitMQ takes none and memory"
                            + " is short.",
                    "Restore RabbitMQ. Watch the free space of SPOOL_DIR.",
                    "shard");

    /** All events on disk are published and confirmed; the shard publishes directly again. */
    public static final LogEventType SPOOL_DRAINED =
            CATALOG.info(
                    "spool.drained",
                    "All events on disk are published and confirmed; the shard publishes directly"
                            + " again.",
                    "Nothing to do.",
                    "shard");

    /** The disk of SPOOL_DIR refuses reads or writes; the service tries again. */
    public static final LogEventType SPOOL_FAILED =
            CATALOG.error(
                    "spool.failed",
                    "The disk of SPOOL_DIR refuses reads or writes; the service tries again.",
                    "Free space or repair the disk. No event is lost while the process runs.",
                    "shard",
                    "reason");

    /** The disk of SPOOL_DIR works again. */
    public static final LogEventType SPOOL_RECOVERED =
            CATALOG.info(
                    "spool.recovered",
                    "The disk of SPOOL_DIR works again.",
                    "Nothing to do.",
                    "shard");

    /**
     * Records on disk could not be read back; consumers receive a DISPATCH_GAP event in their
     * place.
     */
    public static final LogEventType SPOOL_DAMAGED =
            CATALOG.error(
                    "spool.damaged",
                    "Records on disk could not be read back; consumers receive a DISPATCH_GAP event"
                            + " in their place.",
                    "Check the disk. Consumers should fetch the state again.",
                    "shard",
                    "session",
                    "last_sequence");

    private BrokerLogEvents() {}

    /** Lists all log events of this module. */
    public static List<LogEventType> all() {
        return CATALOG.all();
    }
}
