package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.util.List;

/** What one type of event does to things that it does not name: a guild, a channel, a whole set. */
interface Sweeping {

    /** What must be read first; one round trip. */
    List<CommandArguments> reads(Event event, int shard);

    /**
     * Reads on and writes; the last write is {@link Sweep#finish}.
     *
     * @param replies to {@link #reads}
     */
    Applied apply(Event event, Sweep sweep, List<Object> replies);
}
