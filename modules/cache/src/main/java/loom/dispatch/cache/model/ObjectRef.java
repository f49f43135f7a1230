package loom.dispatch.cache.model;

import loom.dispatch.cache.redis.RedisKeys;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Identifies one object of the cache. It is the key of many maps, so it stores its hash code. */
public final class ObjectRef {
    private final ObjectKind kind;
    private final String guild;
    private final String parent;
    private final String id;
    private final String key;
    private final int hash;

    /**
     * @param guild the id of its guild; empty for objects of direct messages
     * @param parent the id of its channel or thread if the key contains it, else empty
     * @param id its own id
     */
    private ObjectRef(ObjectKind kind, String guild, String parent, String id) {
        this.kind = kind;
        this.guild = guild;
        this.parent = parent;
        this.id = id;
        this.key =
                switch (kind.form()) {
                    case ID -> kind.prefix() + ":" + id;
                    case GUILD_AND_ID -> kind.prefix() + ":" + guild + ":" + id;
                    case PARENT_AND_ID -> kind.prefix() + ":" + parent + ":" + id;
                };
        this.hash = 31 * id.hashCode() + kind.ordinal();
    }

    public static ObjectRef guild(String guild) {
        return new ObjectRef(ObjectKind.GUILD, guild, "", guild);
    }

    public static ObjectRef of(ObjectKind kind, String guild, String id) {
        return new ObjectRef(kind, guild, "", id);
    }

    public static ObjectRef message(String guild, String channel, String id) {
        return new ObjectRef(ObjectKind.MESSAGE, guild, channel, id);
    }

    public static ObjectRef threadMember(String guild, String thread, String user) {
        return new ObjectRef(ObjectKind.THREAD_MEMBER, guild, thread, user);
    }

    /** Returns the object that a key names; empty if the key has another form. */
    public static Optional<ObjectRef> parse(String guild, String key) {
        String[] parts = key.split(":", -1);
        Optional<ObjectKind> known = ObjectKind.ofPrefix(parts[0]);
        if (known.isEmpty() || !areIds(parts)) {
            return Optional.empty();
        }
        ObjectKind kind = known.get();
        return switch (kind.form()) {
            case ID ->
                    parts.length == 2 ? Optional.of(of(kind, guild, parts[1])) : Optional.empty();
            case GUILD_AND_ID ->
                    parts.length == 3
                            ? Optional.of(of(kind, parts[1], parts[2]))
                            : Optional.empty();
            case PARENT_AND_ID ->
                    parts.length == 3
                            ? Optional.of(new ObjectRef(kind, guild, parts[1], parts[2]))
                            : Optional.empty();
        };
    }

    public ObjectKind kind() {
        return kind;
    }

    public String guild() {
        return guild;
    }

    public String parent() {
        return parent;
    }

    public String id() {
        return id;
    }

    /** Returns its key in Redis. */
    public String key() {
        return key;
    }

    /** Returns the index sets that contain this object's key. */
    public List<String> sets() {
        List<String> sets = new ArrayList<>(4);
        sets.add(kind.set());
        if (!guild.isEmpty() && kind != ObjectKind.GUILD && kind != ObjectKind.MESSAGE) {
            sets.add(RedisKeys.ofGuild(guild));
        }
        kind.setOf(guild).ifPresent(sets::add);
        if (kind == ObjectKind.MESSAGE) {
            sets.add(RedisKeys.messagesOf(parent));
        }
        if (kind == ObjectKind.THREAD_MEMBER) {
            sets.add(RedisKeys.threadMembersOf(parent));
        }
        return sets;
    }

    private static boolean areIds(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].isEmpty()
                    || !parts[i].chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ObjectRef ref
                && kind == ref.kind
                && id.equals(ref.id)
                && guild.equals(ref.guild)
                && parent.equals(ref.parent);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return key;
    }
}
