package loom.dispatch.cache;

import redis.clients.jedis.CommandArguments;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A run of events under {@link Rules}: what they need is read in one pipeline, they are applied in
 * memory in their order, and the outcome is written in one transaction.
 */
final class RuleBatch {
    /** With some five commands an event, the transaction keeps Redis a few milliseconds at most. */
    static final int EVENTS = 256;

    /** A value passes Redis twice; this bounds both pipelines to a few megabytes. */
    static final int BYTES = 1 << 20;

    private final List<Event> events;
    private final Scope scope;
    private final Unreadable unreadable;

    RuleBatch(List<Event> events, Scope scope, Unreadable unreadable) {
        this.events = events;
        this.scope = scope;
        this.unreadable = unreadable;
    }

    /** Applies the events; may be repeated after a failure. */
    List<Applied> apply(Wire wire, int shard, long nowMillis) {
        Set<Ref> objects = new LinkedHashSet<>();
        Set<String> guilds = new LinkedHashSet<>();
        for (Event event : events) {
            collectReads(event, objects, guilds);
        }
        Set<String> left = guildsWithLeavers();
        boolean self = events.stream().anyMatch(event -> event.type().equals("USER_UPDATE"));
        Fence fence = Fence.begin(wire, shard, reads(wire, objects, guilds, left, self));
        Draft draft = new Draft(scope, unreadable);
        load(draft, replies(fence, objects.size()), objects, guilds, left, self);
        List<Applied> applied = new ArrayList<>(events.size());
        for (Event event : events) {
            applied.add(fence.isApplied(event.raw()) ? Applied.NOTHING : apply(event, draft));
        }
        Writes writes = writes(draft, fence.oneServer(), shard, nowMillis);
        if (writes.isEmpty()) {
            fence.leave();
        } else {
            fence.finish(writes.commands(fence.oneServer()), events.getLast().raw());
        }
        return applied;
    }

    private void collectReads(Event event, Set<Ref> objects, Set<String> guilds) {
        try {
            objects.addAll(event.rule().reads(event, scope));
            String guild = event.guild();
            if (!guild.isEmpty()) {
                guilds.add(guild);
            } else if (event.type().equals("GUILD_UPDATE")) {
                guilds.add(event.requireText("id"));
            }
        } catch (JsonFault unreadableLater) {
            // applying it fails the same way, and is counted there
            return;
        }
    }

    /** Who leaves a guild leaves its threads: at most 1,000 active ones, says Discord. */
    private Set<String> guildsWithLeavers() {
        Set<String> left = new LinkedHashSet<>();
        if (Kind.THREAD_MEMBER.kept(scope.config())) {
            events.stream()
                    .filter(event -> event.type().equals("GUILD_MEMBER_REMOVE"))
                    .map(Event::guildIfReadable)
                    .filter(guild -> !guild.isEmpty())
                    .forEach(left::add);
        }
        return left;
    }

    private static List<CommandArguments> reads(
            Wire wire, Set<Ref> objects, Set<String> guilds, Set<String> left, boolean self) {
        List<CommandArguments> reads = new ArrayList<>();
        List<String> keys = objects.stream().map(Ref::key).toList();
        if (!wire.transactions()) {
            keys.forEach(key -> reads.add(Command.get(key)));
        } else if (!keys.isEmpty()) {
            reads.add(Command.getAll(keys));
        }
        guilds.forEach(guild -> reads.add(Command.exists(Ref.guild(guild).key())));
        left.forEach(guild -> reads.add(Command.members(Kind.THREAD.set() + ":" + guild)));
        if (self) {
            reads.add(Command.get(Keys.BOT_USER));
        }
        return reads;
    }

    /** A reply an object, then the others, however many commands the objects took. */
    private static Iterator<?> replies(Fence fence, int objects) {
        if (!fence.oneServer() || objects == 0) {
            return fence.replies().iterator();
        }
        List<Object> all = new ArrayList<>((List<?>) fence.replies().getFirst());
        all.addAll(fence.replies().subList(1, fence.replies().size()));
        return all.iterator();
    }

    private static void load(
            Draft draft,
            Iterator<?> replies,
            Set<Ref> objects,
            Set<String> guilds,
            Set<String> left,
            boolean self) {
        objects.forEach(ref -> draft.loaded(ref, Reply.bytes(replies.next())));
        for (String guild : guilds) {
            if (Long.valueOf(1).equals(replies.next())) {
                draft.loadedGuild(guild);
            }
        }
        for (String guild : left) {
            draft.loadedThreads(guild, threads(guild, replies.next()));
        }
        if (self) {
            draft.loadedBotUser(Reply.bytes(replies.next()));
        }
    }

    private static List<String> threads(String guild, Object reply) {
        return reply instanceof List<?> keys
                ? keys.stream()
                        .flatMap(key -> Ref.parse(guild, Reply.text(key)).stream())
                        .map(Ref::id)
                        .toList()
                : List.of();
    }

    private Applied apply(Event event, Draft draft) {
        try {
            Optional<byte[]> old = event.rule().apply(event, draft);
            return scope.config().old() && old.isPresent()
                    ? new Applied(old, Optional.empty())
                    : Applied.NOTHING;
        } catch (JsonFault fault) {
            unreadable.add(event.type(), fault);
            return Applied.NOTHING;
        }
    }

    /**
     * What an object's sets say of it is as true as the object where both change in one
     * transaction; in a cluster a failover may lose one of the two.
     */
    private Writes writes(Draft draft, boolean oneServer, int shard, long nowMillis) {
        Writes writes = new Writes(scope, shard, nowMillis);
        draft.changes()
                .forEach((ref, value) -> {
                    if (value.isEmpty()) {
                        writes.remove(ref);
                    } else if (oneServer && draft.wasFound(ref)) {
                        writes.replace(ref, value.get());
                    } else {
                        writes.put(ref, value.get());
                    }
                });
        draft.messageChannels()
                .forEach(one -> writes.addTo(Keys.messageChannelsOf(one.guild()), one.channel()));
        draft.changedBotUser().ifPresent(user -> writes.also(Command.set(Keys.BOT_USER, user)));
        return writes;
    }
}
