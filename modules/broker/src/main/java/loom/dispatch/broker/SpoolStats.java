package loom.dispatch.broker;

/**
 * The spools of a broker at one moment.
 *
 * @param spooling lanes whose events go through their spool
 * @param failing lanes whose spool cannot be written or read
 * @param bytes on disk
 * @param capacityBytes the most that may be
 * @param damaged records found that were not as they were written; only grows
 */
public record SpoolStats(int spooling, int failing, long bytes, long capacityBytes, long damaged) {}
