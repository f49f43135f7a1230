package loom.dispatch.cache.apply;

import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisKeys;

import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects changes of objects and index sets, and converts them to few Redis commands. The last
 * change of a key counts. For use by one thread.
 */
public final class PendingWrites {
    private final RuleContext context;
    private final String expiry;
    private final long nowMillis;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Set<String> gone = new LinkedHashSet<>();
    private final List<CommandArguments> otherCommands = new ArrayList<>();
    private final Map<String, Set<String>> added = new LinkedHashMap<>();
    private final Map<String, Set<String>> removed = new LinkedHashMap<>();
    private final Map<String, Long> expiring = new LinkedHashMap<>();
    private final Set<String> persistent = new LinkedHashSet<>();

    /**
     * Redis removes an expired value within milliseconds. The margin covers clocks that differ a
     * little.
     */
    private static final long MARGIN_MILLIS = 1_000;

    private record Value(byte[] bytes, long lifeMillis) {}

    public PendingWrites(RuleContext context, int shard, long nowMillis) {
        this.context = context;
        this.expiry = RedisKeys.expiryOf(shard);
        this.nowMillis = nowMillis;
    }

    /** Sets an object and adds its key to its sets. */
    public PendingWrites put(ObjectRef ref, byte[] value) {
        ref.sets().forEach(set -> addTo(set, ref.key()));
        return replace(ref, value);
    }

    /** Sets an object whose key is already in its sets. */
    PendingWrites replace(ObjectRef ref, byte[] value) {
        String key = ref.key();
        long life = context.lifeMillis(ref);
        gone.remove(key);
        values.put(key, new Value(value, life));
        if (life > 0) {
            persistent.remove(key);
            expiring.put(key, nowMillis + life + MARGIN_MILLIS);
        } else if (mayExpire(ref)) {
            expiring.remove(key);
            persistent.add(key);
        }
        return this;
    }

    public PendingWrites remove(ObjectRef ref) {
        String key = ref.key();
        values.remove(key);
        gone.add(key);
        removeExpired(ref);
        return this;
    }

    /** Removes the key of an expired object from its sets. */
    PendingWrites removeExpired(ObjectRef ref) {
        String key = ref.key();
        ref.sets().forEach(set -> removeFrom(set, key));
        if (mayExpire(ref)) {
            expiring.remove(key);
            persistent.add(key);
        }
        return this;
    }

    public PendingWrites addTo(String set, String member) {
        takeFrom(removed, set, member);
        added.computeIfAbsent(set, _ -> new LinkedHashSet<>()).add(member);
        return this;
    }

    /** Adds a key to another set instead of this one. The key's present entry in this set stays. */
    public PendingWrites moveListing(String set, String other, String member) {
        takeFrom(added, set, member);
        return addTo(other, member);
    }

    public PendingWrites removeFrom(String set, String member) {
        takeFrom(added, set, member);
        removed.computeIfAbsent(set, _ -> new LinkedHashSet<>()).add(member);
        return this;
    }

    public PendingWrites addCommand(CommandArguments command) {
        otherCommands.add(command);
        return this;
    }

    /** Estimates the size of the transaction: a value counts 1, a set member 1/4. */
    public int size() {
        return values.size()
                + gone.size()
                + otherCommands.size()
                + added.values().stream().mapToInt(Collection::size).sum() / 4
                + removed.values().stream().mapToInt(Collection::size).sum() / 4;
    }

    boolean isEmpty() {
        return values.isEmpty()
                && gone.isEmpty()
                && otherCommands.isEmpty()
                && added.isEmpty()
                && removed.isEmpty();
    }

    /**
     * Returns the commands, in an order in which no set ever lists an absent object.
     *
     * @param oneServer whether a command may name many keys
     */
    public List<CommandArguments> commands(boolean oneServer) {
        List<CommandArguments> commands = new ArrayList<>();
        removed.forEach((set, members) -> {
            if (!members.isEmpty()) {
                commands.add(RedisCommands.removeFromSet(set, members));
            }
        });
        addValues(commands, oneServer);
        commands.addAll(otherCommands);
        added.forEach((set, members) -> {
            if (!members.isEmpty()) {
                commands.add(RedisCommands.addToSet(set, members));
            }
        });
        if (!expiring.isEmpty()) {
            CommandArguments add = RedisCommands.on(Protocol.Command.ZADD, expiry);
            expiring.forEach((key, time) -> add.add(time).add(key));
            commands.add(add);
        }
        if (!persistent.isEmpty()) {
            commands.add(RedisCommands.removeFromSorted(expiry, persistent));
        }
        return commands;
    }

    private void addValues(List<CommandArguments> commands, boolean oneServer) {
        CommandArguments persistentValues = RedisCommands.plain(Protocol.Command.MSET);
        values.forEach((key, value) -> {
            if (oneServer && value.lifeMillis() == 0) {
                persistentValues.add(key).add(value.bytes());
            } else {
                commands.add(RedisCommands.set(key, value.bytes(), value.lifeMillis()));
            }
        });
        if (persistentValues.size() > 1) {
            commands.add(persistentValues);
        }
        if (oneServer && !gone.isEmpty()) {
            commands.add(RedisCommands.unlink(gone));
        } else {
            gone.forEach(key -> commands.add(RedisCommands.unlink(key)));
        }
    }

    private static void takeFrom(Map<String, Set<String>> sets, String set, String member) {
        Set<String> members = sets.get(set);
        if (members != null) {
            members.remove(member);
        }
    }

    private boolean mayExpire(ObjectRef ref) {
        return !ref.kind().timeToLive(context.config()).isZero();
    }
}
