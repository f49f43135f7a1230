package loom.dispatch.cache.apply;

import loom.dispatch.cache.CacheLogEvents;
import loom.dispatch.cache.RedisUnavailableException;
import loom.dispatch.cache.StateEvent;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisFailures;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.runtime.EventLog;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Guards the writes of one event or batch with the shard's marker {@code gateway_state:N}.
 *
 * <p>The marker holds the session and sequence of the last applied event. It changes in the same
 * transaction as the writes of that event. So:
 *
 * <ul>
 *   <li>A replayed event is recognized and not applied again.
 *   <li>A late write from an abandoned connection fails, because WATCH finds that the marker
 *       changed.
 * </ul>
 *
 * <p>Redis Cluster has no transactions across slots. There a {@link ClusterRedoLog} completes a
 * batch that a crash interrupted.
 */
public final class ShardFence {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");
    private static final String SESSION = "session";
    private static final String APPLIED = "applied";

    private final RedisConnection connection;
    private final String marker;
    private final ClusterRedoLog redoLog;
    private final List<Object> replies;
    private String session;
    private long applied;
    private boolean watching;

    private ShardFence(RedisConnection connection, int shard, List<CommandArguments> reads) {
        this.connection = connection;
        this.marker = RedisKeys.stateOf(shard);
        this.redoLog = new ClusterRedoLog(shard);
        List<Object> answers = connection.exchange(watchAnd(reads));
        if (!connection.transactions() && redoLog.redo(connection, answers.getFirst())) {
            answers = connection.exchange(watchAnd(reads));
        }
        this.replies = answers.subList(2, answers.size());
        readMarker(answers.get(1));
    }

    /** Watches the marker, and reads it together with the given reads in one round trip. */
    public static ShardFence begin(
            RedisConnection connection, int shard, List<CommandArguments> reads) {
        return new ShardFence(connection, shard, reads);
    }

    /** Returns the replies to the reads given to {@link #begin}. */
    public List<Object> replies() {
        return replies;
    }

    /** Makes further reads while the marker is watched. */
    public List<Object> read(List<CommandArguments> reads) {
        return connection.exchange(reads);
    }

    /** Whether this event was applied before. */
    public boolean isApplied(StateEvent event) {
        return !event.sessionId().isEmpty()
                && event.sessionId().equals(session)
                && event.sequence() <= applied;
    }

    /** Whether one server holds all keys, so that a command may name several. */
    public boolean oneServer() {
        return connection.transactions();
    }

    /** Writes a part that is consistent on its own, and continues to watch the marker. */
    public void write(List<CommandArguments> commands) {
        if (!commands.isEmpty()) {
            commit(commands, true);
        }
    }

    /** Writes the last part together with the marker, and stops watching. */
    public void finish(List<CommandArguments> commands, StateEvent last) {
        List<CommandArguments> all = new ArrayList<>(commands);
        if (!last.sessionId().isEmpty()) {
            all.add(
                    RedisCommands.hashSet(marker, SESSION, utf8(last.sessionId()))
                            .add(APPLIED)
                            .add(last.sequence()));
        }
        if (all.isEmpty()) {
            unwatch();
        } else {
            commit(all, false);
        }
    }

    /** Stops watching without a write. */
    public void unwatch() {
        if (watching) {
            connection.exchange(List.of(RedisCommands.plain(Protocol.Command.UNWATCH)));
            watching = false;
        }
    }

    private void commit(List<CommandArguments> commands, boolean keepWatching) {
        if (!connection.transactions()) {
            logRefusals(redoLog.write(connection, commands));
            return;
        }
        List<CommandArguments> pipeline = new ArrayList<>(commands.size() + 4);
        pipeline.add(RedisCommands.plain(Protocol.Command.MULTI));
        pipeline.addAll(commands);
        pipeline.add(RedisCommands.plain(Protocol.Command.EXEC));
        if (keepWatching) {
            pipeline.addAll(watchAnd(List.of()));
        }
        List<Object> answers = connection.exchange(pipeline);
        watching = keepWatching;
        if (!(answers.get(commands.size() + 1) instanceof List<?> results)) {
            throw markerChanged();
        }
        logRefusals(results);
        if (keepWatching) {
            String sessionBefore = session;
            long appliedBefore = applied;
            readMarker(answers.getLast());
            if (!sessionBefore.equals(session) || appliedBefore != applied) {
                throw markerChanged();
            }
        }
    }

    private List<CommandArguments> watchAnd(List<CommandArguments> reads) {
        List<CommandArguments> commands = new ArrayList<>(reads.size() + 2);
        if (connection.transactions()) {
            commands.add(RedisCommands.watch(marker));
            watching = true;
        } else {
            commands.add(redoLog.read());
        }
        commands.add(RedisCommands.hashGet(marker, SESSION, APPLIED));
        commands.addAll(reads);
        return commands;
    }

    private void readMarker(Object reply) {
        session = "";
        applied = -1;
        if (reply instanceof List<?> fields
                && fields.get(0) instanceof byte[] id
                && fields.get(1) instanceof byte[] sequence) {
            session = new String(id, StandardCharsets.UTF_8);
            try {
                applied = Long.parseLong(new String(sequence, StandardCharsets.UTF_8));
            } catch (NumberFormatException foreign) {
                // another program wrote the marker: apply the events again, which is safe
                applied = -1;
            }
        }
    }

    private static void logRefusals(List<?> results) {
        for (Object result : results) {
            if (result instanceof JedisDataException error) {
                // another program uses this key with another type: only this key is affected
                LOG.write(CacheLogEvents.STATE_WRITE_REFUSED, RedisFailures.reason(error));
            }
        }
    }

    private static RedisUnavailableException markerChanged() {
        return new RedisUnavailableException(
                "another connection changed the shard's marker; the batch is applied again", null);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
