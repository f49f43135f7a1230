package loom.dispatch.cache;

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
 * Collects changes of objects and their sets, and turns them into few commands: one a set, and one
 * server takes all values that never expire in one. The last change of a key counts. Used by one
 * thread.
 */
final class Writes {
    private final Scope scope;
    private final String expiry;
    private final long nowMillis;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Set<String> gone = new LinkedHashSet<>();
    private final List<CommandArguments> others = new ArrayList<>();
    private final Map<String, Set<String>> added = new LinkedHashMap<>();
    private final Map<String, Set<String>> removed = new LinkedHashMap<>();
    private final Map<String, Long> mortal = new LinkedHashMap<>();
    private final Set<String> immortal = new LinkedHashSet<>();

    /** Redis drops a value within milliseconds; the margin is for clocks that differ a little. */
    private static final long MARGIN_MILLIS = 1_000;

    private record Value(byte[] bytes, long lifeMillis) {}

    Writes(Scope scope, int shard, long nowMillis) {
        this.scope = scope;
        this.expiry = Keys.expiryOf(shard);
        this.nowMillis = nowMillis;
    }

    /** Sets an object, and lists it in its sets. */
    Writes put(Ref ref, byte[] value) {
        ref.sets().forEach(set -> addTo(set, ref.key()));
        return replace(ref, value);
    }

    /** Sets an object that Redis holds, so that its sets list it already. */
    Writes replace(Ref ref, byte[] value) {
        String key = ref.key();
        long life = scope.lifeMillis(ref);
        gone.remove(key);
        values.put(key, new Value(value, life));
        if (life > 0) {
            immortal.remove(key);
            mortal.put(key, nowMillis + life + MARGIN_MILLIS);
        } else if (mayBeMortal(ref)) {
            mortal.remove(key);
            immortal.add(key);
        }
        return this;
    }

    Writes remove(Ref ref) {
        String key = ref.key();
        values.remove(key);
        gone.add(key);
        dropped(ref);
        return this;
    }

    /** Takes an object that Redis has dropped already out of its sets. */
    Writes dropped(Ref ref) {
        String key = ref.key();
        ref.sets().forEach(set -> removeFrom(set, key));
        if (mayBeMortal(ref)) {
            mortal.remove(key);
            immortal.add(key);
        }
        return this;
    }

    Writes addTo(String set, String member) {
        takeFrom(removed, set, member);
        added.computeIfAbsent(set, _ -> new LinkedHashSet<>()).add(member);
        return this;
    }

    /** Lists a key in one set in place of another, which does not change yet. */
    Writes listInstead(String set, String other, String member) {
        takeFrom(added, set, member);
        return addTo(other, member);
    }

    Writes removeFrom(String set, String member) {
        takeFrom(added, set, member);
        removed.computeIfAbsent(set, _ -> new LinkedHashSet<>()).add(member);
        return this;
    }

    Writes also(CommandArguments command) {
        others.add(command);
        return this;
    }

    /** How many values and members have been collected: what bounds a transaction. */
    int size() {
        return values.size()
                + gone.size()
                + others.size()
                + added.values().stream().mapToInt(Collection::size).sum() / 4
                + removed.values().stream().mapToInt(Collection::size).sum() / 4;
    }

    boolean isEmpty() {
        return values.isEmpty()
                && gone.isEmpty()
                && others.isEmpty()
                && added.isEmpty()
                && removed.isEmpty();
    }

    /**
     * The commands, in an order in which no set ever lists what is not there.
     *
     * @param oneServer whether a command may name many keys
     */
    List<CommandArguments> commands(boolean oneServer) {
        List<CommandArguments> commands = new ArrayList<>();
        removed.forEach((set, members) -> {
            if (!members.isEmpty()) {
                commands.add(Command.removeFromSet(set, members));
            }
        });
        addValues(commands, oneServer);
        commands.addAll(others);
        added.forEach((set, members) -> {
            if (!members.isEmpty()) {
                commands.add(Command.addToSet(set, members));
            }
        });
        if (!mortal.isEmpty()) {
            CommandArguments add = Command.on(Protocol.Command.ZADD, expiry);
            mortal.forEach((key, time) -> add.add(time).add(key));
            commands.add(add);
        }
        if (!immortal.isEmpty()) {
            commands.add(Command.removeFromSorted(expiry, immortal));
        }
        return commands;
    }

    private void addValues(List<CommandArguments> commands, boolean oneServer) {
        CommandArguments immortals = Command.plain(Protocol.Command.MSET);
        values.forEach((key, value) -> {
            if (oneServer && value.lifeMillis() == 0) {
                immortals.add(key).add(value.bytes());
            } else {
                commands.add(Command.set(key, value.bytes(), value.lifeMillis()));
            }
        });
        if (immortals.size() > 1) {
            commands.add(immortals);
        }
        if (oneServer && !gone.isEmpty()) {
            commands.add(Command.unlink(gone));
        } else {
            gone.forEach(key -> commands.add(Command.unlink(key)));
        }
    }

    private static void takeFrom(Map<String, Set<String>> sets, String set, String member) {
        Set<String> members = sets.get(set);
        if (members != null) {
            members.remove(member);
        }
    }

    private boolean mayBeMortal(Ref ref) {
        return !ref.kind().timeToLive(scope.config()).isZero();
    }
}
