package loom.dispatch.broker;

/**
 * The state and the counters of a broker at one moment; counters only grow.
 *
 * @param connections connections wanted
 * @param connectionsUp of these, connected and with their topology declared
 * @param connectionsBlocked of these, stopped by a memory or disk alarm
 * @param lanes lanes handed out
 * @param lanesAttached of these, with a confirming channel
 * @param commandsRead whether commands are being read, or none were asked for
 * @param inFlightMessages messages accepted and not yet settled
 * @param inFlightBytes their bodies, bytes
 * @param published messages written, each once, repetitions not counted
 * @param confirmed messages confirmed, each once
 * @param resent messages written again after a lost channel
 * @param nacked negative confirms
 * @param returned messages that no queue took
 * @param skipped positions that needed no message
 * @param disconnects connections that were lost
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
     * Whether every connection is up and unblocked, every lane can publish, and commands are read.
     */
    public boolean ready() {
        return connectionsUp == connections
                && connectionsBlocked == 0
                && lanesAttached == lanes
                && commandsRead;
    }

    /**
     * The spools of a broker at one moment.
     *
     * @param spooling lanes whose events go through their spool
     * @param failing lanes whose spool cannot be written or read
     * @param bytes on disk
     * @param capacityBytes the most that may be
     * @param damaged records found that were not as they were written; only grows
     */
    public record SpoolStats(
            int spooling, int failing, long bytes, long capacityBytes, long damaged) {}
}
