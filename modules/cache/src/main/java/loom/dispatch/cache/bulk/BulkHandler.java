package loom.dispatch.cache.bulk;

import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.rules.ScannedEvent;

import redis.clients.jedis.CommandArguments;

import java.util.List;

/**
 * Applies one type of event that affects objects which its payload does not name, for example all
 * objects of a guild.
 */
public interface BulkHandler {

    /** Returns the reads for the first round trip. */
    List<CommandArguments> reads(ScannedEvent event, int shard);

    /**
     * Makes further reads and writes. The last write is {@link BulkUpdate#finish}.
     *
     * @param replies the replies to {@link #reads}
     */
    StateCache.AppliedEvent apply(ScannedEvent event, BulkUpdate update, List<Object> replies);
}
