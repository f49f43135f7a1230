package loom.dispatch.cache.rules;

import loom.dispatch.cache.model.JsonObjectEditor;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.cache.model.UnreadableValues;
import loom.dispatch.runtime.JsonObject;
import loom.dispatch.runtime.JsonSyntaxException;
import loom.dispatch.runtime.JsonValue;

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
 * Holds the objects that a batch reads from Redis, with the changes that the batch's events have
 * made to them. For use by one thread.
 */
public final class StateOverlay {
    private final RuleContext context;
    private final UnreadableValues unreadable;
    private final Map<ObjectRef, byte[]> found = new HashMap<>();
    private final Set<String> knownGuilds = new HashSet<>();
    private final Map<ObjectRef, Optional<byte[]>> changes = new LinkedHashMap<>();
    private final Set<MessageChannel> messageChannels = new LinkedHashSet<>();
    private final Map<ObjectRef, JsonValue> lastMessages = new LinkedHashMap<>();
    private final Map<String, Set<String>> threads = new HashMap<>();
    private Optional<byte[]> botUser = Optional.empty();
    private boolean botUserChanged;

    /** A channel or thread of a guild with cached messages. */
    public record MessageChannel(String guild, String channel) {}

    public StateOverlay(RuleContext context, UnreadableValues unreadable) {
        this.context = context;
        this.unreadable = unreadable;
    }

    UnreadableValues unreadable() {
        return unreadable;
    }

    RuleContext context() {
        return context;
    }

    /** Adds an object as Redis holds it; empty if absent. */
    public void loaded(ObjectRef ref, Optional<byte[]> value) {
        value.ifPresent(bytes -> found.put(ref, bytes));
    }

    /** Adds the ids of a guild's threads. */
    public void loadedThreads(String guild, Collection<String> ids) {
        threads.computeIfAbsent(guild, _ -> new LinkedHashSet<>()).addAll(ids);
    }

    /** Returns the guild's threads if they were loaded, including those that the batch created. */
    Collection<String> threadsOf(String guild) {
        return threads.getOrDefault(guild, Set.of());
    }

    public void loadedGuild(String guild) {
        knownGuilds.add(guild);
    }

    /** Returns the present object; empty also if the value in Redis is no JSON object. */
    Optional<JsonObject> fields(ObjectRef ref) {
        return get(ref).flatMap(bytes -> {
            try {
                return Optional.of(JsonObject.of(bytes));
            } catch (JsonSyntaxException foreign) {
                // another program wrote this value: treat it as absent and replace it
                return Optional.empty();
            }
        });
    }

    Optional<byte[]> get(ObjectRef ref) {
        applyLastMessage(ref);
        return current(ref);
    }

    private Optional<byte[]> current(ObjectRef ref) {
        Optional<byte[]> change = changes.get(ref);
        return change != null ? change : Optional.ofNullable(found.get(ref));
    }

    /** Whether Redis held the object before this batch, so that its sets contain the key. */
    public boolean wasFound(ObjectRef ref) {
        return found.containsKey(ref);
    }

    /** Whether the object may be stored: the bot is in its guild, or the object needs none. */
    boolean belongs(ObjectRef ref) {
        return ref.guild().isEmpty()
                ? ref.kind() == ObjectKind.MESSAGE || ref.kind() == ObjectKind.DIRECT_CHANNEL
                : knownGuilds.contains(ref.guild());
    }

    /**
     * Remembers a channel's latest message. A busy channel gets many in a batch, so the channel's
     * value changes only when it is read or written.
     */
    void lastMessage(ObjectRef channel, JsonValue id) {
        if (current(channel).isPresent()) {
            lastMessages.put(channel, id);
        }
    }

    private void applyLastMessage(ObjectRef ref) {
        JsonValue id = lastMessages.remove(ref);
        if (id != null) {
            fields(ref)
                    .ifPresent(known ->
                            put(
                                    ref,
                                    JsonObjectEditor.of(known)
                                            .put("last_message_id", id)
                                            .toBytes()));
        }
    }

    /** Stores an object if the settings keep it and the bot is in its guild. */
    void put(ObjectRef ref, byte[] value) {
        if (context.keeps(ref) && belongs(ref)) {
            lastMessages.remove(ref);
            changes.put(ref, Optional.of(value));
            if (ref.kind() == ObjectKind.THREAD && threads.containsKey(ref.guild())) {
                threads.get(ref.guild()).add(ref.id());
            }
            if (ref.kind() == ObjectKind.MESSAGE && !ref.guild().isEmpty()) {
                messageChannels.add(new MessageChannel(ref.guild(), ref.parent()));
            }
        }
    }

    /** Removes an object, whether or not it is known. */
    void remove(ObjectRef ref) {
        lastMessages.remove(ref);
        changes.put(ref, Optional.empty());
    }

    public void loadedBotUser(Optional<byte[]> value) {
        botUser = value;
    }

    void botUser(byte[] value) {
        botUser = Optional.of(value);
        botUserChanged = true;
    }

    /** Returns the bot's user if this batch changed it. */
    public Optional<byte[]> changedBotUser() {
        return botUserChanged ? botUser : Optional.empty();
    }

    Optional<byte[]> botUser() {
        return botUser;
    }

    public Map<ObjectRef, Optional<byte[]>> changes() {
        List.copyOf(lastMessages.keySet()).forEach(this::applyLastMessage);
        return changes;
    }

    public Set<MessageChannel> messageChannels() {
        return messageChannels;
    }
}
