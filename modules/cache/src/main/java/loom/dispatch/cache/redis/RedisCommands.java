package loom.dispatch.cache.redis;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.Collection;
import java.util.List;

/**
 * Builds the Redis commands that this module sends. Each command touches keys of a single hash
 * slot, unless its doc says that the keys must be on one server.
 */
public final class RedisCommands {
    private RedisCommands() {}

    public static CommandArguments exists(String key) {
        return on(Protocol.Command.EXISTS, key);
    }

    public static CommandArguments get(String key) {
        return on(Protocol.Command.GET, key);
    }

    public static CommandArguments set(String key, byte[] value) {
        return on(Protocol.Command.SET, key).add(value);
    }

    public static CommandArguments set(String key, byte[] value, long lifeMillis) {
        CommandArguments command = set(key, value);
        return lifeMillis > 0 ? command.add("PX").add(lifeMillis) : command;
    }

    public static CommandArguments unlink(String key) {
        return on(Protocol.Command.UNLINK, key);
    }

    /** Removes several keys, which must be on one server. */
    public static CommandArguments unlink(Collection<String> keys) {
        return keys(Protocol.Command.UNLINK, keys);
    }

    /** Reads several keys, which must be on one server, in one reply. */
    public static CommandArguments getAll(Collection<String> keys) {
        return keys(Protocol.Command.MGET, keys);
    }

    public static CommandArguments rename(String from, String to) {
        return on(Protocol.Command.RENAME, from).key(to);
    }

    /** Renames a key unless the new name exists. */
    public static CommandArguments renameIfFree(String from, String to) {
        return on(Protocol.Command.RENAMENX, from).key(to);
    }

    public static CommandArguments hashGetAll(String key) {
        return on(Protocol.Command.HGETALL, key);
    }

    public static CommandArguments hashGet(String key, String... fields) {
        CommandArguments command = on(Protocol.Command.HMGET, key);
        for (String field : fields) {
            command.add(field);
        }
        return command;
    }

    public static CommandArguments hashSet(String key, String field, byte[] value) {
        return on(Protocol.Command.HSET, key).add(field).add(value);
    }

    public static CommandArguments hashDelete(String key, Collection<String> fields) {
        return all(Protocol.Command.HDEL, key, fields);
    }

    public static CommandArguments addToSet(String key, Collection<String> members) {
        return all(Protocol.Command.SADD, key, members);
    }

    public static CommandArguments removeFromSet(String key, Collection<String> members) {
        return all(Protocol.Command.SREM, key, members);
    }

    /** Reads all members of a set. The caller knows that the set is small. */
    public static CommandArguments members(String key) {
        return on(Protocol.Command.SMEMBERS, key);
    }

    public static CommandArguments isInSet(String key, String member) {
        return on(Protocol.Command.SISMEMBER, key).add(member);
    }

    public static CommandArguments sizeOfSet(String key) {
        return on(Protocol.Command.SCARD, key);
    }

    public static CommandArguments scanSet(String key, String cursor, int count) {
        return on(Protocol.Command.SSCAN, key).add(cursor).add("COUNT").add(count);
    }

    /** Reads some keys of one server. A cursor is valid only on the server that returned it. */
    public static CommandArguments scan(String cursor, int count) {
        return plain(Protocol.Command.SCAN).add(cursor).add("COUNT").add(count);
    }

    public static CommandArguments removeFromSorted(String key, Collection<String> members) {
        return all(Protocol.Command.ZREM, key, members);
    }

    public static CommandArguments due(String key, long untilMillis, int limit) {
        return on(Protocol.Command.ZRANGEBYSCORE, key)
                .add("-inf")
                .add(untilMillis)
                .add("LIMIT")
                .add(0)
                .add(limit);
    }

    /** Reads the member with the lowest score, and the score. */
    public static CommandArguments first(String key) {
        return on(Protocol.Command.ZRANGE, key).add(0).add(0).add("WITHSCORES");
    }

    /** Runs a script that touches only this key, so that Redis Cluster can run it too. */
    public static CommandArguments script(String lua, String key, List<?> arguments) {
        CommandArguments command =
                new CommandArguments(Protocol.Command.EVAL).add(lua).add(1).key(key);
        arguments.forEach(argument -> command.add(argument.toString()));
        return command;
    }

    public static CommandArguments watch(String key) {
        return on(Protocol.Command.WATCH, key);
    }

    public static CommandArguments plain(Protocol.Command command) {
        return new CommandArguments(command);
    }

    public static CommandArguments on(Protocol.Command command, String key) {
        return new CommandArguments(command).key(key);
    }

    private static CommandArguments keys(Protocol.Command command, Collection<String> keys) {
        CommandArguments arguments = plain(command);
        keys.forEach(arguments::add);
        return arguments;
    }

    private static CommandArguments all(
            Protocol.Command command, String key, Collection<String> members) {
        CommandArguments arguments = on(command, key);
        members.forEach(arguments::add);
        return arguments;
    }
}
