package loom.dispatch.cache;

import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisFailures;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.stores.SessionRecord;
import loom.dispatch.cache.stores.TwilightSessionReader;
import loom.dispatch.runtime.EventLog;
import loom.dispatch.runtime.JsonStrings;
import loom.dispatch.runtime.JsonSyntaxException;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stores the gateway sessions that the next start resumes.
 *
 * <p>A hash with a field for each shard holds them. The public key {@code gateway_sessions} is
 * composed from it. So several processes do not overwrite each other, and a start deletes nothing.
 *
 * <p>Safe for many threads. Blocks for one or two round trips and does not retry.
 */
public final class SessionStore {
    private static final EventLog LOG = new EventLog("loom.dispatch.cache");

    private final RedisClient redis;
    private final int shardsTotal;

    /**
     * Held during a save or forget, including its round trips. Otherwise a slow save could write a
     * session that was forgotten in between.
     */
    private final ReentrantLock lock = new ReentrantLock();

    /** The sessions that Redis has confirmed, by shard. Guarded by the lock. */
    private final Map<Integer, StoredSession> saved = new HashMap<>();

    /** Ids of sessions that Discord refused, by shard. Guarded by the lock. */
    private final Map<Integer, String> forgotten = new HashMap<>();

    /**
     * Creates a store for one bot.
     *
     * @param redis the connections
     * @param shardsTotal the bot's number of shards; sessions of another number are ignored
     */
    public SessionStore(RedisClient redis, int shardsTotal) {
        if (shardsTotal < 1) {
            throw new IllegalArgumentException("shardsTotal must be positive: " + shardsTotal);
        }
        this.redis = redis;
        this.shardsTotal = shardsTotal;
    }

    /**
     * Reads the sessions to resume.
     *
     * <p>A shard without a field in the hash falls back to {@code gateway_sessions} of
     * twilight-dispatch, if {@code gateway_shards} is the present number of shards. Unreadable
     * sessions are logged and stay in Redis. Call it before {@link ShardStatusStore#started}, which
     * overwrites {@code gateway_shards}.
     *
     * @param firstShard first shard of this process
     * @param lastShard last shard of this process, inclusive
     * @return the sessions by shard
     * @throws RedisUnavailableException if Redis does not answer
     */
    public Map<Integer, StoredSession> load(int firstShard, int lastShard) {
        List<Object> replies =
                redis.exchange(
                        List.of(
                                RedisCommands.hashGetAll(RedisKeys.CHECKPOINTS),
                                RedisCommands.get(RedisKeys.SESSIONS),
                                RedisCommands.get(RedisKeys.SHARDS)));
        Map<Integer, StoredSession> sessions = new TreeMap<>();
        TwilightSessionReader.read(replies.get(1), replies.get(2), shardsTotal)
                .forEach(session -> sessions.put(session.shard(), session));
        checkpoints(replies.get(0))
                .forEach((shard, checkpoint) -> {
                    // this service wrote the entry later than twilight-dispatch, even with another
                    // shard count
                    sessions.remove(shard);
                    if (checkpoint.shardsTotal() == shardsTotal) {
                        sessions.put(shard, checkpoint.session());
                    }
                });
        sessions.keySet().removeIf(shard -> shard < firstShard || shard > lastShard);
        return sessions;
    }

    /**
     * Writes the sessions that changed since the last save. In one session only a higher sequence
     * is written. A forgotten session is never written again.
     *
     * @param sessions the sessions, at most one for each shard
     * @throws RedisUnavailableException if Redis does not answer; no session counts as saved then
     */
    public void save(Collection<StoredSession> sessions) {
        lock.lock();
        try {
            List<StoredSession> news = sessions.stream().filter(this::isNews).toList();
            if (news.isEmpty()) {
                return;
            }
            List<CommandArguments> commands = new ArrayList<>();
            for (StoredSession session : news) {
                commands.add(
                        RedisCommands.hashSet(
                                RedisKeys.CHECKPOINTS,
                                Integer.toString(session.shard()),
                                new SessionRecord(session, shardsTotal).toJson()));
            }
            exchangeAndCompose(commands);
            news.forEach(session -> saved.put(session.shard(), session));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes a shard's session because Discord refuses it.
     *
     * @param shard the shard
     * @throws RedisUnavailableException if Redis does not answer; the session stays, and the next
     *     start tries one resume in vain
     */
    public void forget(int shard) {
        lock.lock();
        try {
            StoredSession last = saved.remove(shard);
            if (last != null) {
                forgotten.put(shard, last.sessionId());
            }
            exchangeAndCompose(
                    List.of(
                            RedisCommands.hashDelete(
                                    RedisKeys.CHECKPOINTS, List.of(Integer.toString(shard)))));
        } finally {
            lock.unlock();
        }
    }

    private boolean isNews(StoredSession session) {
        if (session.sessionId().equals(forgotten.get(session.shard()))) {
            return false;
        }
        StoredSession last = saved.get(session.shard());
        return last == null
                || !last.sessionId().equals(session.sessionId())
                || session.sequence() > last.sequence()
                || session.sequence() == last.sequence() && !last.equals(session);
    }

    private void exchangeAndCompose(List<CommandArguments> changes) {
        List<CommandArguments> commands = new ArrayList<>(changes);
        commands.add(RedisCommands.hashGetAll(RedisKeys.CHECKPOINTS));
        try (RedisConnection connection = redis.open()) {
            List<Object> replies = connection.exchange(commands);
            for (Object reply : replies) {
                if (reply instanceof JedisDataException refusal) {
                    throw new RedisUnavailableException(RedisFailures.reason(refusal), refusal);
                }
            }
            byte[] document = composed(checkpoints(replies.getLast()));
            connection.exchange(List.of(RedisCommands.set(RedisKeys.SESSIONS, document)));
        }
    }

    private byte[] composed(Map<Integer, SessionRecord> checkpoints) {
        StringBuilder document = new StringBuilder("{");
        for (SessionRecord checkpoint : checkpoints.values()) {
            if (checkpoint.shardsTotal() == shardsTotal) {
                StoredSession session = checkpoint.session();
                document.append(document.length() > 1 ? "," : "")
                        .append("\"" + session.shard() + "\":{\"session_id\":")
                        .append(JsonStrings.quote(session.sessionId()))
                        .append(",\"sequence\":" + session.sequence() + "}");
            }
        }
        return document.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Map<Integer, SessionRecord> checkpoints(Object reply) {
        Map<Integer, SessionRecord> checkpoints = new TreeMap<>();
        RedisReplies.hash(reply)
                .forEach((field, json) ->
                        checkpoint(field, json)
                                .ifPresent(one -> checkpoints.put(one.session().shard(), one)));
        return checkpoints;
    }

    private static Optional<SessionRecord> checkpoint(String field, byte[] json) {
        try {
            return Optional.of(SessionRecord.parse(Integer.parseInt(field), json));
        } catch (JsonSyntaxException | IllegalArgumentException | ArithmeticException fault) {
            LOG.write(
                    CacheLogEvents.SESSION_UNREADABLE,
                    RedisKeys.CHECKPOINTS,
                    field,
                    fault.getMessage());
            return Optional.empty();
        }
    }

    /**
     * A gateway session with all that a resume needs.
     *
     * @param shard the shard's number, not negative
     * @param sessionId Discord's session id, not empty
     * @param resumeUrl the URL to resume at; empty if unknown, then the main URL is used
     * @param sequence the last settled sequence, not negative
     */
    public record StoredSession(
            int shard, String sessionId, Optional<String> resumeUrl, long sequence) {
        /** Checks the ranges. */
        public StoredSession {
            Objects.requireNonNull(resumeUrl);
            if (shard < 0) {
                throw new IllegalArgumentException("a shard is not negative: " + shard);
            }
            if (sessionId.isEmpty()) {
                throw new IllegalArgumentException("a session id is not empty");
            }
            if (sequence < 0) {
                throw new IllegalArgumentException("a sequence is not negative: " + sequence);
            }
        }
    }
}
