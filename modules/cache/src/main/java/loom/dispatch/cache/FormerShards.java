package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.List;

/**
 * Shards that there are no more, because the bot has fewer now: what they wrote with a time to live
 * is listed with them, and nobody else would take it out of the sets once Redis has dropped it. The
 * rest of their bookkeeping goes.
 */
final class FormerShards {
    private static final int PIECE = 500;

    private FormerShards() {}

    /** Takes over from those former shards whose heir this shard is; in pieces, repeatable. */
    static void adopt(Sweep sweep, int before, int now) {
        for (int former = now; former < before; former++) {
            if (former % now == sweep.shard()) {
                adoptMortals(sweep, Keys.expiryOf(former));
                sweep.writes()
                        .also(Command.unlink(Keys.guildsOf(former)))
                        .also(Command.unlink(Keys.pendingOf(former)))
                        .also(Command.unlink(Keys.stateOf(former)));
            }
        }
        sweep.writeNow();
    }

    /** All are due at once here; our own turns then ask Redis how long each has still to live. */
    private static void adoptMortals(Sweep sweep, String theirs) {
        String ours = Keys.expiryOf(sweep.shard());
        while (sweep.read(List.of(Command.due(theirs, Long.MAX_VALUE, PIECE))).getFirst()
                        instanceof List<?> due
                && !due.isEmpty()) {
            List<String> keys = due.stream().map(Reply::text).toList();
            CommandArguments adopted = Command.on(Protocol.Command.ZADD, ours);
            keys.forEach(key -> adopted.add(sweep.nowMillis()).add(key));
            sweep.writes().also(adopted).also(Command.removeFromSorted(theirs, keys));
            sweep.writeNow();
        }
    }
}
