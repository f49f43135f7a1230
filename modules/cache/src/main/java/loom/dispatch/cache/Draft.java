package loom.dispatch.cache;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of the state that a batch touches: what was read from Redis, overlaid with what the
 * batch's events have done so far. Used by one thread.
 */
final class Draft {
    private final Scope scope;
    private final Unreadable unreadable;
    private final Map<Ref, byte[]> found = new HashMap<>();
    private final Set<String> knownGuilds = new HashSet<>();
    private final Map<Ref, Optional<byte[]>> changes = new LinkedHashMap<>();
    private final Set<MessageChannel> messageChannels = new LinkedHashSet<>();
    private final Map<Ref, Slice> lastMessages = new LinkedHashMap<>();
    private final Map<String, Set<String>> threads = new HashMap<>();
    private Optional<byte[]> botUser = Optional.empty();
    private boolean botUserChanged;

    /** A channel or thread of a guild that has messages in the cache. */
    record MessageChannel(String guild, String channel) {}

    Draft(Scope scope, Unreadable unreadable) {
        this.scope = scope;
        this.unreadable = unreadable;
    }

    Unreadable unreadable() {
        return unreadable;
    }

    Scope scope() {
        return scope;
    }

    /** Takes what Redis holds; nothing for an absent object. */
    void loaded(Ref ref, Optional<byte[]> value) {
        value.ifPresent(bytes -> found.put(ref, bytes));
    }

    /** Takes the ids of a guild's threads. */
    void loadedThreads(String guild, Collection<String> ids) {
        threads.computeIfAbsent(guild, _ -> new LinkedHashSet<>()).addAll(ids);
    }

    /** The guild's threads, if they were loaded, with those that the batch itself made. */
    Collection<String> threadsOf(String guild) {
        return threads.getOrDefault(guild, Set.of());
    }

    void loadedGuild(String guild) {
        knownGuilds.add(guild);
    }

    /** The object now; empty also when what Redis holds there is no JSON object. */
    Optional<Fields> fields(Ref ref) {
        return get(ref).flatMap(bytes -> {
            try {
                return Optional.of(Fields.of(bytes));
            } catch (JsonFault foreign) {
                // somebody else's value: as good as none, and replaced by ours
                return Optional.empty();
            }
        });
    }

    Optional<byte[]> get(Ref ref) {
        settleLastMessage(ref);
        return current(ref);
    }

    private Optional<byte[]> current(Ref ref) {
        Optional<byte[]> change = changes.get(ref);
        return change != null ? change : Optional.ofNullable(found.get(ref));
    }

    /** Whether Redis held the object before this batch, so that its sets list it. */
    boolean wasFound(Ref ref) {
        return found.containsKey(ref);
    }

    /** Whether an object may be kept: its guild is one that the bot is in, or it needs none. */
    boolean belongs(Ref ref) {
        return ref.guild().isEmpty()
                ? ref.kind() == Kind.MESSAGE || ref.kind() == Kind.DIRECT_CHANNEL
                : knownGuilds.contains(ref.guild());
    }

    /**
     * Notes a channel's latest message. Busy channels get many in a batch, so the channel's value
     * is made anew only when somebody looks at it.
     */
    void lastMessage(Ref channel, Slice id) {
        if (current(channel).isPresent()) {
            lastMessages.put(channel, id);
        }
    }

    private void settleLastMessage(Ref ref) {
        Slice id = lastMessages.remove(ref);
        if (id != null) {
            fields(ref)
                    .ifPresent(known ->
                            put(ref, ObjectEdit.of(known).put("last_message_id", id).toBytes()));
        }
    }

    /** Sets an object if the switches keep it and its guild is known. */
    void put(Ref ref, byte[] value) {
        if (scope.keeps(ref) && belongs(ref)) {
            lastMessages.remove(ref);
            changes.put(ref, Optional.of(value));
            if (ref.kind() == Kind.THREAD && threads.containsKey(ref.guild())) {
                threads.get(ref.guild()).add(ref.id());
            }
            if (ref.kind() == Kind.MESSAGE && !ref.guild().isEmpty()) {
                messageChannels.add(new MessageChannel(ref.guild(), ref.parent()));
            }
        }
    }

    /** Removes an object, known or not. */
    void remove(Ref ref) {
        lastMessages.remove(ref);
        changes.put(ref, Optional.empty());
    }

    void loadedBotUser(Optional<byte[]> value) {
        botUser = value;
    }

    void botUser(byte[] value) {
        botUser = Optional.of(value);
        botUserChanged = true;
    }

    /** The bot's user, if this batch changed it. */
    Optional<byte[]> changedBotUser() {
        return botUserChanged ? botUser : Optional.empty();
    }

    Optional<byte[]> botUser() {
        return botUser;
    }

    Map<Ref, Optional<byte[]>> changes() {
        List.copyOf(lastMessages.keySet()).forEach(this::settleLastMessage);
        return changes;
    }

    Set<MessageChannel> messageChannels() {
        return messageChannels;
    }
}
