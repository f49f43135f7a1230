package loom.dispatch.broker;

/**
 * The state and the counters of a {@link Broker} at one moment. Counters only grow.
 *
 * @param connections configured connections
 * @param connectionsUp open connections with a declared topology
 * @param connectionsBlocked connections that a memory or disk alarm blocks
 * @param lanes publishing lanes
 * @param lanesAttached lanes with an open channel in confirm mode
 * @param commandsRead whether the command consumer is registered; true if commands are not used
 * @param inFlightMessages messages accepted and not yet settled
 * @param inFlightBytes bytes of the bodies of those messages
 * @param published messages published; a message published again counts once
 * @param confirmed messages confirmed
 * @param resent messages published again after a lost channel
 * @param nacked negative confirms
 * @param returned messages that RabbitMQ returned because no queue is bound
 * @param skipped positions that need no message
 * @param disconnects lost connections
 */
public record BrokerStats(
        int connections,
        int connectionsUp,
        int connectionsBlocked,
        int lanes,
        int lanesAttached,
        boolean commandsRead,
        long inFlightMessages,
        long inFlightBytes,
        long published,
        long confirmed,
        long resent,
        long nacked,
        long returned,
        long skipped,
        long disconnects) {

    /**
     * Whether every connection is open and not blocked, every lane has a channel, and the command
     * consumer is registered.
     */
    public boolean ready() {
        return connectionsUp == connections
                && connectionsBlocked == 0
                && lanesAttached == lanes
                && commandsRead;
    }

    /**
     * The state of all spools at one moment.
     *
     * @param spooling lanes whose events pass through their spool
     * @param failing lanes whose spool cannot be written or read
     * @param bytes bytes on disk
     * @param capacityBytes the limit of bytes on disk
     * @param damaged records that failed their checksum; this counter only grows
     */
    public record SpoolStats(
            int spooling, int failing, long bytes, long capacityBytes, long damaged) {}
}
