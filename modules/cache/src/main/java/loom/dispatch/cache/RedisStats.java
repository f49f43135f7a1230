package loom.dispatch.cache;

/**
 * What the connections to Redis have done.
 *
 * @param commands commands sent
 * @param roundTrips pipelines sent
 * @param failures pipelines that failed, and connections that could not be opened
 * @param connectionsInUse connections in use now
 * @param answering whether the latest conversation succeeded
 */
public record RedisStats(
        long commands, long roundTrips, long failures, int connectionsInUse, boolean answering) {}
