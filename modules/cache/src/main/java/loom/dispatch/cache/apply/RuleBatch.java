package loom.dispatch.cache.apply;

import loom.dispatch.cache.StateCache;
import loom.dispatch.cache.model.ObjectKind;
import loom.dispatch.cache.model.ObjectRef;
import loom.dispatch.cache.model.RuleContext;
import loom.dispatch.cache.model.UnreadableValues;
import loom.dispatch.cache.redis.RedisCommands;
import loom.dispatch.cache.redis.RedisConnection;
import loom.dispatch.cache.redis.RedisKeys;
import loom.dispatch.cache.redis.RedisReplies;
import loom.dispatch.cache.rules.EventRules;
import loom.dispatch.cache.rules.ScannedEvent;
import loom.dispatch.cache.rules.StateOverlay;
import loom.dispatch.runtime.JsonSyntaxException;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Applies consecutive events that have an {@link EventRules rule}. It reads the objects in one
 * pipeline, applies the rules in memory and in order, and writes the result in one transaction.
 */
public final class RuleBatch {
    /**
     * At about five commands an event, the transaction occupies Redis for a few milliseconds at
     * most.
     */
    public static final int EVENTS = 256;

    /** Each value is read and written, so this limits both pipelines to a few megabytes. */
    public static final int BYTES = 1 << 20;

    private final List<ScannedEvent> events;
    private final RuleContext context;
    private final UnreadableValues unreadable;

    public RuleBatch(List<ScannedEvent> events, RuleContext context, UnreadableValues unreadable) {
        this.events = events;
        this.context = context;
        this.unreadable = unreadable;
    }

    /** Applies the events. The caller may repeat it after a failure. */
    public List<StateCache.AppliedEvent> apply(
            RedisConnection connection, int shard, long nowMillis) {
        Set<ObjectRef> objects = new LinkedHashSet<>();
        Set<String> guilds = new LinkedHashSet<>();
        for (ScannedEvent event : events) {
            collectReads(event, objects, guilds);
        }
        Set<String> left = guildsWithRemovals();
        boolean self = events.stream().anyMatch(event -> event.type().equals("USER_UPDATE"));
        ShardFence fence =
                ShardFence.begin(connection, shard, reads(connection, objects, guilds, left, self));
        StateOverlay overlay = new StateOverlay(context, unreadable);
        load(overlay, replies(fence, objects.size()), objects, guilds, left, self);
        List<StateCache.AppliedEvent> applied = new ArrayList<>(events.size());
        for (ScannedEvent event : events) {
            applied.add(
                    fence.isApplied(event.raw())
                            ? StateCache.AppliedEvent.NOTHING
                            : apply(event, overlay));
        }
        PendingWrites writes = writes(overlay, fence.oneServer(), shard, nowMillis);
        if (writes.isEmpty()) {
            fence.unwatch();
        } else {
            fence.finish(writes.commands(fence.oneServer()), events.getLast().raw());
        }
        return applied;
    }

    private void collectReads(ScannedEvent event, Set<ObjectRef> objects, Set<String> guilds) {
        try {
            objects.addAll(event.rule().reads(event, context));
            String guild = event.guild();
            if (!guild.isEmpty()) {
                guilds.add(guild);
            } else if (event.type().equals("GUILD_UPDATE")) {
                guilds.add(event.requireText("id"));
            }
        } catch (JsonSyntaxException unreadableLater) {
            // the rule fails in the same way later, and is counted there
            return;
        }
    }

    /**
     * Returns the guilds from which members were removed: their thread memberships end too. Discord
     * allows at most 1,000 active threads in a guild.
     */
    private Set<String> guildsWithRemovals() {
        Set<String> left = new LinkedHashSet<>();
        if (ObjectKind.THREAD_MEMBER.kept(context.config())) {
            events.stream()
                    .filter(event -> event.type().equals("GUILD_MEMBER_REMOVE"))
                    .map(ScannedEvent::guildOrEmpty)
                    .filter(guild -> !guild.isEmpty())
                    .forEach(left::add);
        }
        return left;
    }

    private static List<CommandArguments> reads(
            RedisConnection connection,
            Set<ObjectRef> objects,
            Set<String> guilds,
            Set<String> left,
            boolean self) {
        List<CommandArguments> reads = new ArrayList<>();
        List<String> keys = objects.stream().map(ObjectRef::key).toList();
        if (!connection.transactions()) {
            keys.forEach(key -> reads.add(RedisCommands.get(key)));
        } else if (!keys.isEmpty()) {
            reads.add(RedisCommands.getAll(keys));
        }
        guilds.forEach(guild -> reads.add(RedisCommands.exists(ObjectRef.guild(guild).key())));
        left.forEach(
                guild -> reads.add(RedisCommands.members(ObjectKind.THREAD.set() + ":" + guild)));
        if (self) {
            reads.add(RedisCommands.get(RedisKeys.BOT_USER));
        }
        return reads;
    }

    /**
     * Returns one reply for each object and then the other replies. On one server a single MGET
     * reads all objects.
     */
    private static Iterator<?> replies(ShardFence fence, int objects) {
        if (!fence.oneServer() || objects == 0) {
            return fence.replies().iterator();
        }
        List<Object> all = new ArrayList<>((List<?>) fence.replies().getFirst());
        all.addAll(fence.replies().subList(1, fence.replies().size()));
        return all.iterator();
    }

    private static void load(
            StateOverlay overlay,
            Iterator<?> replies,
            Set<ObjectRef> objects,
            Set<String> guilds,
            Set<String> left,
            boolean self) {
        objects.forEach(ref -> overlay.loaded(ref, RedisReplies.bytes(replies.next())));
        for (String guild : guilds) {
            if (Long.valueOf(1).equals(replies.next())) {
                overlay.loadedGuild(guild);
            }
        }
        for (String guild : left) {
            overlay.loadedThreads(guild, threads(guild, replies.next()));
        }
        if (self) {
            overlay.loadedBotUser(RedisReplies.bytes(replies.next()));
        }
    }

    private static List<String> threads(String guild, Object reply) {
        return reply instanceof List<?> keys
                ? keys.stream()
                        .flatMap(key -> ObjectRef.parse(guild, RedisReplies.text(key)).stream())
                        .map(ObjectRef::id)
                        .toList()
                : List.of();
    }

    private StateCache.AppliedEvent apply(ScannedEvent event, StateOverlay overlay) {
        try {
            Optional<byte[]> old = event.rule().apply(event, overlay);
            return context.config().old() && old.isPresent()
                    ? new StateCache.AppliedEvent(old, Optional.empty())
                    : StateCache.AppliedEvent.NOTHING;
        } catch (JsonSyntaxException fault) {
            unreadable.add(event.type(), fault);
            return StateCache.AppliedEvent.NOTHING;
        }
    }

    /**
     * Collects the writes. On one server an object and its sets change in one transaction, so the
     * sets of a known object need no write. In a cluster, a failover may lose one of the two.
     */
    private PendingWrites writes(
            StateOverlay overlay, boolean oneServer, int shard, long nowMillis) {
        PendingWrites writes = new PendingWrites(context, shard, nowMillis);
        overlay.changes()
                .forEach((ref, value) -> {
                    if (value.isEmpty()) {
                        writes.remove(ref);
                    } else if (oneServer && overlay.wasFound(ref)) {
                        writes.replace(ref, value.get());
                    } else {
                        writes.put(ref, value.get());
                    }
                });
        overlay.messageChannels()
                .forEach(one ->
                        writes.addTo(RedisKeys.messageChannelsOf(one.guild()), one.channel()));
        overlay.changedBotUser()
                .ifPresent(user -> writes.addCommand(RedisCommands.set(RedisKeys.BOT_USER, user)));
        return writes;
    }
}
