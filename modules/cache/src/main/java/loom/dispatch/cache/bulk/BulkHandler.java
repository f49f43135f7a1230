package loom.dispatch.cache.bulk;

import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.rules.ScannedEvent;

import redis.clients.jedis.CommandArguments;

import java.util.List;

/** What one type of event does to things that it does not name: a guild, a channel, a whole set. */
public interface BulkHandler {

    /** What must be read first; one round trip. */
    List<CommandArguments> reads(ScannedEvent event, int shard);

    /**
     * Reads on and writes; the last write is {@link BulkUpdate#finish}.
     *
     * @param replies to {@link #reads}
     */
    StateCache.AppliedEvent apply(ScannedEvent event, BulkUpdate sweep, List<Object> replies);
}
